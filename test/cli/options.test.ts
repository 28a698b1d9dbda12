import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { allCommands } from "../../src/cli/commands.js";
import type { Command } from "../../src/cli/options/command.js";
import { kebabCase, type Option } from "../../src/cli/options/option.js";
import { parseWords } from "../../src/cli/parse-words.js";

const commands = await allCommands();

/** A command of the real command line with the words that lead to it. */
interface Leaf {
  readonly words: readonly string[];
  readonly command: Command;
}

function leavesOf(command: Command, before: readonly string[]): Leaf[] {
  const words = [...before, command.command.split(" ")[0]];
  const inner = command.subcommands.flatMap((one) => leavesOf(one, words));
  return command.command.includes("<action>") ? inner : [{ words, command }, ...inner];
}

const leaves = commands.flatMap((one) => leavesOf(one, []));

/** Options that take any text. The command finds faults in it with the file that it is about. */
const freeText = new Set(
  [
    "explain term, check reason, check redis, plan redis, study redis, diff policy, " +
      "diff against, simulate policy, simulate explain, forecast model, forecast backend",
    "forecast holidays, plan variable, plan budget, plan growth, plan until, replay policy, live policy, live address",
    "live streamlet-user, live upstream, twin policy, study only, study arms, sweep redis, sweep shard, worker redis",
    "watch run, watch policy, validate only, attack policy, attack " +
      "against, trace generate shift, trace generate spike, trace import bin",
    "trace import timezone, trace import epoch, trace import timestamp, trace import value, trace import region",
    "trace import format, trace import segment, trace import from, trace import to, trace import query",
    "trace import step, trace import pattern, init query, init from, init to, " +
      "init metric, doctor redis, trace import first-day, trace import project",
  ].flatMap((line) => line.split(", ")),
);

/**
 * Words that are no value of any option but a text: no path, number, quantity, instant or choice.
 */
const wrongValues = ["", "x!", "0.5", "-1", "0", "1e12"];

/**
 * The least words with which the command gets to its options: one for each positional and each
 * required option.
 */
function needed({ words, command }: Leaf, except = ""): string[] {
  const options = Object.entries(command.options).filter(
    ([name, { help }]) => help.demandOption === true && name !== except,
  );
  return [
    ...words,
    ...Object.values(command.positionals).map(() => "gone"),
    ...options.flatMap(([name, option]) => [`--${kebabCase(name)}`, rightValue(option)]),
  ];
}

function isRefused(option: Option<unknown>, value: string): boolean {
  try {
    option.read(value, "--x");
    return false;
  } catch {
    return true;
  }
}

function rightValue(option: Option<unknown>): string {
  const values = ["text", "1", "1s", "1/s", "64MiB", "2026-01-05T00:00:00Z", "0.75", "1min", "http://localhost:9090"];
  const words = /\[([\w-]+)[^\]]*\]$/.exec(option.help.describe ?? "")?.[1];
  const found = [...(words === undefined ? [] : [words]), ...values].find((value) => !isRefused(option, value));
  if (found === undefined) throw new Error(`no value for ${option.help.describe}`);
  return found;
}

/** The fault of a value, as the command finds it (src/cli/options/command.ts). */
function faultIn(option: Option<unknown>, value: string, place: string): { code: string; message: string } {
  try {
    option.read(value, place);
  } catch (error) {
    if (error instanceof InputError) return { code: error.fault.code, message: error.message };
    throw error;
  }
  throw new Error(`not refused: ${place}=${value}`);
}

async function faultOf(words: readonly string[]): Promise<{ readonly code: string; readonly message: string }> {
  try {
    await parseWords(words);
  } catch (error) {
    if (error instanceof InputError) return { code: error.fault.code, message: error.message };
    throw error;
  }
  throw new Error(`not refused: ${words.join(" ")}`);
}

describe.each(leaves.map((leaf) => [leaf.words.join(" "), leaf] as const))("headrace %s", (title, leaf) => {
  const options = Object.entries(leaf.command.options);
  const flags = options.filter(([, { help }]) => help.type === "boolean");
  const valued = options.filter(([, { help }]) => help.type !== "boolean");

  it("refuses each flag that is given twice", async () => {
    for (const [name] of flags) {
      const option = `--${kebabCase(name)}`;
      const { code, message } = await faultOf([...needed(leaf), option, option.replace("--", "--no-")]);
      expect([code, message]).toEqual(["HR1002", expect.stringContaining(`${option}: given 2 times`)]);
    }
  });

  it("refuses a flag's value that is neither true nor false", async () => {
    for (const [name] of flags) {
      const option = `--${kebabCase(name)}`;
      const { code, message } = await faultOf([...needed(leaf), `${option}=maybe`]);
      expect([code, message]).toEqual(["HR1003", expect.stringContaining(`${option}: "maybe"; expected no value`)]);
    }
  });

  it("refuses no- before each option with a value, and a dot behind it", async () => {
    for (const [name] of valued)
      expect((await faultOf([...needed(leaf, name), `--no-${kebabCase(name)}`])).code).toBe("HR1001");
    // One is enough: yargs splits names at dots for all options or for none.
    for (const [name] of valued.slice(0, 1))
      expect((await faultOf([...needed(leaf), `--${kebabCase(name)}.x`, "1"])).code).toBe("HR1001");
  });

  it("refuses each single option that is given twice", async () => {
    for (const [name, option] of valued.filter(([, { isList }]) => !isList)) {
      const pair = [`--${kebabCase(name)}`, rightValue(option)];
      const { code, message } = await faultOf([...needed(leaf, name), ...pair, ...pair]);
      expect([code, message]).toEqual(["HR1002", expect.stringContaining(`${pair[0]}: 2 values; expected one`)]);
    }
  });

  it("refuses each option without its value", async () => {
    // --assert-slo alone means --assert-slo=met.
    for (const [name] of valued.filter(([one]) => one !== "assertSlo")) {
      const option = `--${kebabCase(name)}`;
      const { code, message } = await faultOf([...needed(leaf, name), option]);
      expect([code, message]).toEqual(["HR1007", expect.stringContaining(`${option}: no value`)]);
    }
  });

  it("refuses each misspelt option, and names the right one", async () => {
    for (const [name, option] of options) {
      const right = kebabCase(name);
      const wrong = `--${right}q`;
      const { code, message } = await faultOf([
        ...needed(leaf),
        ...(option.help.type === "boolean" ? [wrong] : [`${wrong}=1`]),
      ]);
      expect(code).toBe("HR1001");
      // Names of three letters and less are too short to guess.
      if (right.length > 3) expect(message).toContain("Did you mean --");
    }
  });

  it("refuses a wrong or too large value of each option that does not take any text", async () => {
    for (const [name, option] of valued) {
      const option1 = `--${kebabCase(name)}`;
      const wrong = wrongValues.filter((value) => isRefused(option, value));
      if (freeText.has(`${title} ${kebabCase(name)}`)) expect([name, wrong]).toEqual([name, []]);
      else expect(wrong.length, option1).toBeGreaterThan(0);
      for (const value of wrong) {
        // A text goes through the command line as it is, but for an empty one.
        expect(option.help.type, name).toBe("string");
        const isFirst = value === "" || value === wrong.find((one) => one !== "");
        const words = [...needed(leaf, name), `${option1}=${value}`];
        const { code, message } = isFirst ? await faultOf(words) : faultIn(option, value, option1);
        // An empty value of a list is none.
        const codes = ["HR1003", "HR1004", "HR1005", ...(value === "" && option.isList ? ["HR1007"] : [])];
        expect(codes).toContain(code);
        expect(message).toContain(`${option1}: `);
      }
    }
  });
});
