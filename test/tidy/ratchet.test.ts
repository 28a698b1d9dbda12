import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { aboveRatchet, codeFindings, commentFindings, longLineFindings, lowered, ratchetOf } from "./ratchet.js";

/** The findings of oxlint in a folder of its own that holds these files. */
function findingsIn(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), "headrace-ratchet-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return codeFindings(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const gate = (parameters: string): string => `// ß\nexport class Gate {\n  constructor(${parameters}) {}\n}\n`;
const long = (lines: number): string => `export function f() {\n${"  g();\n".repeat(lines - 2)}}\n`;

describe("the ratchet", () => {
  it("finds a constructor of five parameters, a function of 61 lines and a cycle of type imports", () => {
    const findings = findingsIn({
      "src/live/gate.ts": gate("a: A, b: B, c: C, d: D, e: E"),
      "src/live/small.ts": `${gate("a: A, b: B, c: C, d: D")}export function g(a: A, b: B, c: C, d: D, e: E) {}\n`,
      "src/base/long.ts": long(61),
      "src/base/short.ts": long(60),
      "src/model/a.ts": 'import type { B } from "./b.js";\nexport interface A { b: B }\n',
      "src/model/b.ts": 'import type { A } from "./a.js";\nexport interface B { a: A }\n',
    });
    expect(ratchetOf(findings)).toEqual({
      constructorParameters: { "src/live gate.ts Gate": 5 },
      functionLines: { "src/base long.ts f": 61 },
      filesInImportCycles: { "src/model": 2 },
      longCommentLines: {},
      longCodeLines: {},
      unclearWords: {},
    });
  });

  it.each([
    ["a long line comment", `// ${"x".repeat(98)}`, 1, 0],
    ["a line comment of 100 columns", `// ${"x".repeat(97)}`, 0, 0],
    ["a long docstring", `/**\n * ${"x".repeat(98)}\n */`, 1, 0],
    ["a long line of code with a comment", `const x = 1; // ${"x".repeat(90)}`, 1, 0],
    ["a long line of code", `const x = "// ${"x".repeat(98)}";`, 0, 0],
    ["an unclear word", "// What became of it.", 0, 1],
    ["an unclear phrase over two lines", "/**\n * The client is\n * told of the end, whoever it is.\n */", 0, 2],
    ["an unclear word in a text", 'const x = "whoever";', 0, 0],
    ["part of a word", "// disobeying is retelling", 0, 0],
  ])("counts %s", (_, text, lines, words) => {
    const { longCommentLines, unclearWords } = ratchetOf(commentFindings({ path: "src/live/x.ts", text }));
    expect([longCommentLines["src/live"] ?? 0, unclearWords["src/live"] ?? 0]).toEqual([lines, words]);
  });

  it.each([
    ["a line of 121 columns", `const x = "${"x".repeat(108)}";`, 1],
    ["a line of 120 columns, counted in characters", `const x = "${"×".repeat(107)}";`, 0],
    ["a line that is one regular expression", `    /${"x".repeat(130)}/i,`, 0],
  ])("counts %s", (_, text, lines) => {
    expect(longLineFindings({ path: "scripts/x.mjs", text }).map(({ at }) => at)).toHaveLength(lines);
  });

  it("names place, limit, remedy and lines where a number is above its limit", () => {
    const findings = [1, 2].map((line) => ({
      ...{ measure: "unclearWords", place: "src/live", amount: 1 },
      at: `src/live/x.ts:${line}`,
    }));
    expect(aboveRatchet(findings, { unclearWords: { "src/live": 2 } })).toEqual([]);
    expect(aboveRatchet(findings, { unclearWords: { "src/live": 1 } })).toEqual([
      "src/live: unclearWords is 2, at most 1: write plain English: subject, verb, object, the field's words: " +
        "src/live/x.ts:1 src/live/x.ts:2",
    ]);
    expect(aboveRatchet(findings, {})).toHaveLength(1);
  });

  it("lowers numbers, never raises one, and takes no new place in", () => {
    const allowed = { unclearWords: { "src/a": 3, "src/b": 1, "src/c": 2 } };
    const today = { unclearWords: { "src/a": 5, "src/b": 0, "src/c": 1, "src/d": 9 } };
    expect(lowered(allowed, today)).toEqual({ unclearWords: { "src/a": 3, "src/c": 1 } });
  });
});
