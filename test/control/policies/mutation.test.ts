import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { broken, type Mutation, sourceOf } from "./mutant.js";
import { stepMutations } from "./step-mutations.js";

/** Files of policies whose constants no timeline tests, and where they are tested. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ["on-demand", "on-demand.test.ts plays its decisions"],
  ["formula", "formula.test.ts"],
  ["hybrid", "its constants are the metrics of a fleet of which nothing was seen"],
]);

/**
 * Files whose constants are changed one by one: each default object, and each constant in capitals.
 */
const files = readdirSync(new URL("../../../src/control/policies/", import.meta.url))
  .filter((name) => name.endsWith(".ts") && !elsewhere.has(name.slice(0, -3)))
  .map((name) => `control/policies/${name}`)
  .filter((file) => constantsOf(file).length > 0);

/** Constants of which one value cannot be told from another, and why. */
const noDifference: Readonly<Record<string, string>> = {
  "defaultBehaviour.periodMs #14": "100 % of any start may go",
  "phpaReadiness.initialReadinessDelayMs #14": "a streamlet that was ready once never becomes unready again",
  "defaultHoltWintersModel.type #4": "whoever asks for the model says so",
  "defaultAwsStepKnobs.upper #16": "a scale-in alarm never fires above its threshold",
};

interface Constant {
  readonly file: string;
  readonly name: string;
  readonly at: number;
  readonly text: string;
}

/** Literals inside `export const default… = …;` and the like, and in `const CAPITALS = …;`. */
function constantsOf(file: string): Constant[] {
  const text = sourceOf(file);
  const found: Constant[] = [];
  const declaration = /^(?:export )?const ((?:default|phpaReadiness)\w*|[A-Z][A-Z0-9_]+)(?:: [\w. ]+)? = ([^;]*?);$/gms;
  for (const match of text.matchAll(declaration)) {
    const offset = match.index + match[0].length - 1 - match[2].length;
    const literal = /(?<![\w.])(-?\d[\d_]*(?:\.\d+)?|true|false|"[^"]*")(?![\w.])/g;
    for (const one of match[2].matchAll(literal)) {
      const before = match[2].slice(0, one.index);
      const key = /(\w+): (?:\[|\{)?[^:]*$/.exec(before)?.[1] ?? "";
      found.push({
        file,
        name: `${match[1]}${key === "" ? "" : `.${key}`} #${found.length}`,
        at: offset + one.index,
        text: one[1],
      });
    }
  }
  return found;
}

/**
 * Other values for a literal: if none of them changes a tested result, the constant is not
 * tested.
 */
function othersOf(text: string): string[] {
  if (text === "true") return ["false"];
  if (text === "false") return ["true"];
  const words: Readonly<Record<string, string>> = {
    '"Max"': '"Min"',
    '"Pods"': '"Percent"',
    '"Percent"': '"Pods"',
    '"demand"': '"waiting-requests"',
    '"AverageValue"': '"Value"',
    '"target-tracking"': '"none"',
    '"PercentChangeInCapacity"': '"ExactCapacity"',
    '"linear"': '"holt-winters"',
    '"holt-winters"': '"linear"',
    '"additive"': '"multiplicative"',
    '"maximum"': '"minimum"',
  };
  if (text.startsWith('"')) return words[text] === undefined ? [] : [words[text]];
  const value = Number(text.replaceAll("_", ""));
  return value === 0 ? ["1", "60_000"] : [String(value * 2), String(value / 2)];
}

function replaced(constant: Constant, by: string): Mutation {
  return {
    file: constant.file,
    what: `${constant.name}: ${constant.text} → ${by}`,
    mutate: (text) => text.slice(0, constant.at) + by + text.slice(constant.at + constant.text.length),
  };
}

describe("a changed constant", () => {
  it("is noticed only because of the change: unchanged, every timeline holds on what is compiled here, too", () => {
    expect(broken(undefined)).toBeUndefined();
    for (const file of files)
      expect(broken({ file, what: "nothing", mutate: (text) => `${text}\n` }), file).toBeUndefined();
  });

  for (const file of files) {
    it(`of ${file} breaks a timeline`, () => {
      const survivors: string[] = [];
      for (const constant of constantsOf(file)) {
        const others = othersOf(constant.text);
        if (others.length === 0 || noDifference[constant.name] !== undefined) continue;
        let noticed = false;
        for (let i = 0; i < others.length && !noticed; i++)
          noticed = broken(replaced(constant, others[i])) !== undefined;
        if (!noticed) survivors.push(`${constant.name} = ${constant.text}`);
      }
      expect(survivors).toEqual([]);
    });
  }
});

describe("a changed step", () => {
  for (const [name, changes] of Object.entries(stepMutations)) {
    it(`of ${name} breaks a timeline`, () => {
      const file = `control/policies/${name}.ts`;
      const survivors: string[] = [];
      for (const [what, written, instead] of changes) {
        const text = sourceOf(file);
        // A mutation that no longer applies would pass unseen.
        expect(text.includes(written), `${file}: "${written}" is no longer there`).toBe(true);
        if (broken({ file, what, mutate: (of) => of.replace(written, () => instead) }) === undefined)
          survivors.push(what);
      }
      expect(survivors).toEqual([]);
    });
  }
});
