import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { columns } from "../../src/cli/columns.js";
import { allCommands, commandLoaders, commandsNamed } from "../../src/cli/commands.js";
import type { Command } from "../../src/cli/options/command.js";
import { valuesFor } from "../../src/cli/options/completion.js";
import { kebabCase } from "../../src/cli/options/option.js";
import { parseWords } from "../../src/cli/parse-words.js";
import { root, run } from "./real-command.js";

const commands = await allCommands();

function all(list: readonly Command[], before = ""): { readonly path: string; readonly command: Command }[] {
  return list.flatMap((command) => {
    const path = `${before}${command.command.split(" ")[0]}`;
    return [{ path, command }, ...all(command.subcommands, `${path} `)];
  });
}

describe.each(all(commands).map(({ path, command }) => [path, command] as const))("headrace %s", (path, command) => {
  it("has two examples at least, with options that it or its actions have", () => {
    expect(command.examples.length).toBeGreaterThanOrEqual(2);
    const options = [command, ...all(command.subcommands).map((one) => one.command)].flatMap((one) =>
      Object.keys(one.options).map((name) => `--${kebabCase(name)}`),
    );
    for (const [line] of command.examples) {
      expect(line.startsWith(path.split(" ")[0]), line).toBe(true);
      for (const [option] of line.split(" | ")[0].matchAll(/(?<=\s)--[a-z-]+/g))
        expect(options, line).toContain(option);
    }
  });
});

async function faultOf(...words: readonly string[]): Promise<string> {
  try {
    await parseWords(words);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "";
}

describe("the help of a command", () => {
  it("ends with examples that can be copied, a long one in lines that a backslash joins", async () => {
    const { stdout } = await run(["trace", "import", "--help"], root);
    const [, examples] = stdout.split("\nExamples:\n");
    expect(Math.max(...examples.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    const lines = examples
      .replaceAll(/ \\\n +/g, " ")
      .trim()
      .split("\n");
    const { command } = all(commands).find(({ path }) => path === "trace import") as { command: Command };
    expect(lines.map((line) => line.trim())).toEqual(
      command.examples.flatMap(([line, what]) => [`# ${what}`, `headrace ${line}`]),
    );
  });
});

describe("a command line that lacks something", () => {
  it("points at the help of its own command, and names what is missing", async () => {
    expect(await faultOf("simulate")).toBe(
      "headrace simulate: <files..> missing; expected headrace " +
        "simulate <files..>. See headrace simulate --help [HR1007]",
    );
    expect(await faultOf("trace")).toMatch(
      /expected one of import, inspect, fit, generate\. See headrace trace --help/,
    );
    expect(await faultOf("sweep")).toMatch(
      /: <file> missing; expected headrace sweep <file>, or headrace sweep merge\./,
    );
    expect(await faultOf("trace", "import", "a.log")).toMatch(/^--out missing\. See headrace trace import --help/);
    expect(await faultOf("plan", "x.yaml", "--sed", "1")).toMatch(/Did you mean --seed\? See headrace plan --help/);
  });

  it("gets the nearest command or action", async () => {
    expect(await faultOf("simulat", "x.yaml")).toMatch(/Did you mean simulate\?/);
    expect(await faultOf("trace", "imprt")).toMatch(/Did you mean import\?/);
    expect(await faultOf("merge", "a", "b")).toMatch(/Did you mean sweep merge\?/);
    expect(await faultOf("schema")).toMatch(/Did you mean scenario schema\?/);
  });

  it("gets the nearest term from explain", async () => {
    expect(await faultOf("explain", "regretRation")).toMatch(/^no term "regretRation"; .*Did you mean "regretRatio"\?/);
  });
});

describe("a command", () => {
  it("has the name under which it loads, and loads alone", async () => {
    expect(commands.map(({ command }) => command.split(" ")[0])).toEqual([...commandLoaders.keys()]);
    expect((await commandsNamed("plan")).map(({ command }) => command.split(" ")[0])).toEqual(["plan"]);
    expect(await commandsNamed("plam")).toHaveLength(commandLoaders.size);
    expect(await commandsNamed(undefined)).toHaveLength(commandLoaders.size);
  });
});

describe("a shell that completes", () => {
  it("gets choices, kinds of policies and terms where a value stands, else leaves it to yargs", async () => {
    expect(await valuesFor(["live", "x.yaml", "--runtime", "n"], commands)).toEqual(["node", "native"]);
    expect(await valuesFor(["simulate", "x.yaml", "--policy", "pr"], commands)).toEqual(["predictive"]);
    expect(await valuesFor(["explain", "regretR"], commands)).toEqual(["regretRatio"]);
    expect(await valuesFor(["simulate", "--pol"], commands)).toBeUndefined();
    expect(await valuesFor(["si"], commands)).toBeUndefined();
    expect(await valuesFor(["trace", ""], commands)).toBeUndefined();
    expect(await valuesFor(["doctor", ""], commands)).toBeUndefined();
  });

  it("names files itself where one may stand", async () => {
    expect(await valuesFor(["simulate", ""], commands)).toEqual([]);
    expect(await valuesFor(["simulate", "x.yaml", "--out", ""], commands)).toEqual([]);
    expect(await valuesFor(["trace", "inspect", ""], commands)).toEqual([]);
  });
});

describe("columns", () => {
  it("are as wide as their widest cell and never run together", () => {
    expect(
      columns([
        ["a", "met in 10 of 10", "x"],
        ["bc", "–"],
        ["", "1", "y"],
      ]),
    ).toEqual(["a   met in 10 of 10  x", "bc  –", "    1                y"]);
  });
});
