import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DirectRunner, type MutantOrder } from "./direct-runner.mjs";

/**
 * As Stryker instruments it: mutant 1 when `larger` is called, 2 when the file is loaded, 3 without
 * an effect, 4 for ever.
 */
const source = `
const stryker = globalThis.__stryker__;
const isActive = (id) => {
  const covered = stryker.mutantCoverage;
  const part = covered === undefined ? undefined : stryker.currentTestId === undefined
    ? covered.static : (covered.perTest[stryker.currentTestId] ??= {});
  if (part !== undefined) part[id] = (part[id] ?? 0) + 1;
  if (stryker.hitCount !== undefined && ++stryker.hitCount > stryker.hitLimit) throw new Error("hit limit");
  return stryker.activeMutant === id;
};
export const START = isActive("2") ? 5 : 7;
export function larger(a: number, b: number): number {
  while (isActive("4")) continue;
  return isActive("1") ? Math.min(a, b) : isActive("3") ? Math.max(b, a) : Math.max(a, b);
}
`;
const tests = `
import { afterEach, describe, expect, it } from "vitest";
import { larger, START } from "./larger.js";
let ran = 0;
describe("larger", () => {
  afterEach(() => void ran++);
  it.each([[1, 2, 2], [2, 1, 2], [3, 3, 3]])("of %d and %d is %d", (a, b, wanted) => expect(larger(a, b)).toBe(wanted));
});
it("starts at 7, after three tests with a hook", async () => expect([await START, ran >= 3]).toEqual([7, true]));
`;

describe("the direct test runner for mutants", () => {
  const folder = mkdtempSync(join(tmpdir(), "headrace-direct-"));
  const runner = new DirectRunner([join(folder, "larger.test.ts")]);
  const statusOf = async (order: MutantOrder): Promise<string> => (await runner.mutantRun(order)).status;

  beforeAll(async () => {
    writeFileSync(join(folder, "larger.ts"), source);
    writeFileSync(join(folder, "larger.test.ts"), tests);
    await runner.init();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    Reflect.deleteProperty(globalThis, "__stryker__");
  });

  it("runs each test once without a mutant, and counts which mutants each test reaches", async () => {
    const { status, tests: ran = [], mutantCoverage } = await runner.dryRun();
    expect([status, ran.map((test) => test.status)]).toEqual(["complete", [0, 0, 0, 0]]);
    expect(ran.map(({ name }) => name)).toEqual([
      ...[0, 1, 2].map((row) => `larger > of %d and %d is %d #${row}`),
      "starts at 7, after three tests with a hook",
    ]);
    expect(mutantCoverage?.static).toEqual({ 2: 1 });
    const reached = { 1: 1, 3: 1, 4: 1 };
    expect(mutantCoverage?.perTest).toEqual({ 0: reached, 1: reached, 2: reached });
  });

  it("finds the test that notices a mutant, and no test for one without an effect", async () => {
    expect(await runner.mutantRun({ activeMutant: { id: "1" }, testFilter: ["2", "1", "0"] })).toMatchObject({
      status: "killed",
      killedBy: ["1"],
      nrOfTests: 2,
    });
    expect(await statusOf({ activeMutant: { id: "3" } })).toBe("survived");
  });

  it("loads the tests anew for a mutant that acts when a file is loaded", async () => {
    expect(await statusOf({ activeMutant: { id: "2" }, testFilter: ["0"], mutantActivation: "static" })).toBe(
      "survived",
    );
    expect(await statusOf({ activeMutant: { id: "2" }, mutantActivation: "static" })).toBe("killed");
  });

  it("ends an endless loop at the limit of hits, and then runs as before", async () => {
    expect(await statusOf({ activeMutant: { id: "4" }, hitLimit: 1000 })).toBe("timeout");
    expect(await statusOf({ activeMutant: { id: "3" }, hitLimit: 1000 })).toBe("survived");
  });

  it.each([[[]], [["test/*.test.ts"]]])("asks for named test files in place of %j", async (files) => {
    await expect(new DirectRunner(files).init()).rejects.toThrow("name each test file");
  });
});
