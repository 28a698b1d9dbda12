import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorSubjects } from "../../src/base/error-codes/all.js";
import { InputError } from "../../src/base/errors.js";
import { errorsPage } from "../../src/cli/errors-page.js";

const root = new URL("../../", import.meta.url).pathname;
const tables = Object.values(errorSubjects);
const codes = tables.flatMap((table) => Object.keys(table));

/** The text of every source file except the tables themselves. */
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.includes("error-codes"))
  .map((path) => ({ path, text: readFileSync(join(root, "src", path), "utf8") }));

describe("the error codes", () => {
  it("are HR and four digits, ascend, and none stands in two tables", () => {
    expect(codes.filter((code) => !/^HR1\d{3}$/.test(code))).toEqual([]);
    expect(codes).toEqual(Array.from(new Set(codes)).sort());
  });

  it("are each used by some source file", () => {
    expect(codes.filter((code) => !sources.some(({ text }) => text.includes(`"${code}"`)))).toEqual([]);
  });

  it("stand in every InputError that a source file makes from a literal fault", () => {
    const without = sources.flatMap(({ path, text }) =>
      Array.from(text.matchAll(/new InputError\(\s*\{(\s*)(\w*)/g))
        .filter(([, , first]) => first !== "code")
        .map(({ index }) => `${path}:${text.slice(0, index).split("\n").length}`),
    );
    expect(without).toEqual([]);
  });

  it("have a cause and a cure of whole sentences", () => {
    for (const { cause, cure } of tables.flatMap((table) => Object.values(table))) {
      expect(cause).toMatch(/^[A-Z].*\.$/);
      expect(cure).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("end each line of a message, after the place", () => {
    const fault = {
      code: "HR1203",
      where: { file: "a.yaml", line: 2, column: 3 },
      got: "5",
      expected: "a text",
    } as const;
    expect(new InputError(fault, [{ code: "HR1201", got: "x" }]).message).toBe(
      "a.yaml:2:3: 5; expected a text [HR1203]\nx [HR1201]",
    );
  });

  it("stand in docs/errors.md as in the tables: if not, run npm run schema and commit what it wrote", () => {
    expect(readFileSync(join(root, "docs/errors.md"), "utf8")).toBe(errorsPage());
  });
});
