import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { aboveRatchet, codeFindings, textFindings } from "./tidy/ratchet.js";
import { breachesOf, type SourceFile } from "./tidy/rules.js";
import { codeOnly } from "./tidy/source-text.js";
import { sources } from "./tidy/sources.js";

const root = fileURLToPath(new URL("..", import.meta.url));

function shown(file: SourceFile): string[] {
  return breachesOf(file).map((breach) => `${breach.file}:${breach.line}: ${breach.remedy}`);
}

/** The remedies for a snippet that stands at this path. */
function remedies(path: string, text: string): string[] {
  return breachesOf({ path, text }).map((breach) => breach.remedy);
}

describe("the sources", () => {
  const files = [...sources(root, "src"), ...sources(root, "test")];

  it("are found, so that nothing below holds for want of files", () => {
    expect(files.filter((file) => file.path.startsWith("src/")).length).toBeGreaterThan(100);
    expect(files.some((file) => file.path === "test/tidy.test.ts")).toBe(true);
  });

  it("keep the house style", () => {
    // The snippets below are breaches on purpose.
    const held = files.filter((file) => file.path !== "test/tidy.test.ts");
    expect(held.flatMap(shown)).toEqual([]);
  });

  it("have no more breaches of the newer rules than the committed list allows", () => {
    // The list may only shrink: after a clean-up, `npm run ratchet` lowers its numbers.
    const allowed = JSON.parse(readFileSync(join(root, "test/tidy/ratchet.json"), "utf8"));
    expect(aboveRatchet([...codeFindings(root), ...textFindings(root)], allowed)).toEqual([]);
  });

  it("compile the core without Node, without the DOM, and without any other package's globals", () => {
    const config = JSON.parse(readFileSync(join(root, "tsconfig.core.json"), "utf8"));
    expect(config.compilerOptions.types).toEqual([]);
    expect(config.compilerOptions.lib).toEqual(["ES2023"]);
    const core = ["src/base", "src/ports", "src/kernel", "src/control", "src/model", "src/world"];
    expect(config.include).toEqual(core);
    const rest = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
    expect(rest.exclude).toEqual(expect.arrayContaining(core));
    expect(rest.references).toContainEqual({ path: "./tsconfig.core.json" });
  });
});

describe("the tidy test itself", () => {
  it.each([
    ["a promise", "export async function f() {}"],
    ["a timer", "setTimeout(() => 1, 5);"],
    ["a date", "const now = new Date();"],
    ["Date.now", "const t = Date.now();"],
    ["Math.random", "const x = Math.random();"],
    ["Math.pow", "const x = Math.pow(2, 3);"],
    ["the power operator", "const x = 2 ** 3;"],
    ["process", "const e = process.env.HOME;"],
    ["console", "console.log(1);"],
    ["a power inside a template", "const x = `$" + "{2 ** 3}`;"],
    ["a Node module", 'import { readFile } from "node:fs";'],
    ["a type from a package", 'import type { X } from "ws";'],
    ["a lazy import", 'const x = import("node:os");'],
    ["asking which world it is in", "if (fleet.isSimulated()) return;"],
  ])("finds %s in the core", (_, snippet) => {
    expect(remedies("src/control/x.ts", snippet)).not.toEqual([]);
  });

  it.each([
    ["a word in a comment", "// await the Date of process.exit, 2 ** 3"],
    ["a word in a docstring", "/** Math.random is never used; async neither. */"],
    ["a word in a text", 'const text = "await 2 ** 3 on this Date";'],
    ["a member that happens to be called process", "this.process.nextAfter(nowMs);"],
    ["a division", "const x = a / b / c; const y = 1 / 2;"],
  ])("lets %s stand", (_, snippet) => {
    expect(remedies("src/control/x.ts", snippet)).toEqual([]);
  });

  it.each([
    ["control on model", "src/control/x.ts", "../model/load.js"],
    ["model on control", "src/model/x.ts", "../control/manager.js"],
    ["kernel on control", "src/kernel/x.ts", "../control/manager.js"],
    ["base on ports", "src/base/x.ts", "../ports/fleet.js"],
    ["control on world", "src/control/policies/x.ts", "../../world/pools.js"],
    ["world on experiment", "src/world/x.ts", "../experiment/result.js"],
    ["traffic on report", "src/traffic/x.ts", "../report/page.js"],
    ["report on cli", "src/report/x.ts", "../cli/main.js"],
    ["a room on no floor", "src/attic/x.ts", "../base/hash.js"],
    ["the wire on the manager", "src/live/wire/x.ts", "../manager/process-host.js"],
    ["the run log on the run", "src/live/log/x.ts", "../run/live-world.js"],
    ["the gateway on the watch", "src/live/gateway/x.ts", "../watch/live-metrics.js"],
    ["a file outside the rooms of live", "src/live/x.ts", "./wire/messages.js"],
  ])("finds %s", (_, path, target) => {
    expect(remedies(path, `import { x } from "${target}";`)).toHaveLength(1);
    expect(remedies(path, `import {\n  x,\n} from "${target}";`)).toHaveLength(1);
    expect(remedies(path, `export type { X } from "${target}";`)).toHaveLength(1);
  });

  it.each([
    ["any", "src/report/x.ts", "function f(x: any) {}"],
    ["a cast to any", "src/report/x.ts", "const y = x as any;"],
    ["a list of any", "src/report/x.ts", "const y: Array<any> = [];"],
    ["an enum", "src/report/x.ts", "export enum Colour { red }"],
    ["a barrel", "src/report/index-of-all.ts", 'export * from "./page.js";'],
    ["a default export", "src/report/x.ts", "export default function f() {}"],
    ["a drawer called util", "src/report/util.ts", "export const x = 1;"],
    ["a drawer called helpers", "src/report/html-helpers.ts", "export const x = 1;"],
    ["a source of 251 lines", "src/report/x.ts", "const x = 1;\n".repeat(251)],
    ["a test of 301 lines", "test/report/x.ts", "const x = 1;\n".repeat(301)],
    ["a path of one machine", "src/report/x.ts", 'const x = "/home/me/traces";'],
    ["unfinished work", "src/report/x.ts", "// TODO later"],
    ["a lone test", "test/x.test.ts", 'it.only("x", f);'],
    ["a skipped test", "test/x.test.ts", 'it.skip("x", f);'],
    ["a skip without a word", "test/x.test.ts", 'it.skipIf(true)("x", f);'],
  ])("finds %s", (_, path, snippet) => {
    expect(remedies(path, snippet)).toHaveLength(1);
  });

  it("finds a package that the build bundles, but in the file that stands for it", () => {
    const snippet = 'import { z } from "zod";';
    expect(remedies("src/traffic/x.ts", snippet)).toEqual(["import it from src/base/zod.ts, which the build bundles"]);
    expect(remedies("src/base/zod.ts", 'export { z } from "zod";')).toEqual([]);
  });

  it("lets a source of 250 lines, a test of 300 and a skip that says why stand", () => {
    expect(remedies("src/report/x.ts", "const x = 1;\n".repeat(250))).toEqual([]);
    expect(remedies("test/report/x.ts", "const x = 1;\n".repeat(300))).toEqual([]);
    expect(remedies("test/x.test.ts", 'console.warn("no C++ compiler here"); it.skipIf(true)("x", f);')).toEqual([]);
  });

  it("keeps line numbers, and code inside templates", () => {
    const text = 'const a = "x";\n/* two\nlines */ const b = `y $' + '{c + 1} z`;\nconst r = /[/"]/g; const d = 1;';
    const code = codeOnly(text);
    expect(code.split("\n")).toHaveLength(4);
    expect(code).toContain("c + 1");
    expect(code).toContain("const d = 1;");
    expect(code).not.toMatch(/two|lines|x"|y|z/);
  });
});
