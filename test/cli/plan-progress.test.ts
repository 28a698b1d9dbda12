import { afterEach, expect, it, vi } from "vitest";
import { PlanProgressLine } from "../../src/cli/plan-progress.js";

afterEach(() => vi.restoreAllMocks());

it("the progress of a plan never runs out of time that it still needs", () => {
  let wrote = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    wrote += String(text);
    return true;
  });
  vi.spyOn(Date, "now").mockReturnValueOnce(0).mockReturnValue(100_000);
  const line = new PlanProgressLine(false, { all: 700, whatIf: 300 });
  for (const [phase, runs] of [
    ["search", 100],
    ["verify", 500],
    ["verify", 900],
    ["what if", 1000],
    ["what if", 1100],
    ["assemble", 1300],
  ] as const)
    line.show({ phase, runs, incumbent: undefined });
  expect(wrote.trim().split(/[\r\n]+/)).toEqual([
    "search: 100 days simulated, about 600 s left",
    "verify: 500 days simulated, at least 60 s left",
    "verify: 900 days simulated, at least 34 s left",
    "what if: 1000 days simulated, about 30 s left",
    "what if: 1100 days simulated, about 19 s left",
    "assemble: 1300 days simulated",
  ]);
});
