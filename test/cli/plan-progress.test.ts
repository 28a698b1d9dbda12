import { expect, it } from "vitest";
import { PlanProgressLine } from "../../src/cli/plan-progress.js";

it("the progress of a plan never runs out of time that it still needs", () => {
  let nowMs = 0;
  const line = new PlanProgressLine(true, { all: 700, whatIf: 300 }, () => nowMs);
  nowMs = 100_000;
  const shown = (phase: "search" | "verify" | "what if" | "assemble", runs: number): string => {
    line.show({ phase, runs, incumbent: undefined });
    return line.lineOf({ phase, runs, incumbent: undefined });
  };
  expect(shown("search", 100)).toBe("search: 100 days simulated, about 600 s left");
  expect(shown("verify", 500)).toBe("verify: 500 days simulated, at least 60 s left");
  expect(shown("verify", 900)).toBe("verify: 900 days simulated, at least 34 s left");
  expect(shown("what if", 1000)).toBe("what if: 1000 days simulated, about 30 s left");
  expect(shown("what if", 1100)).toBe("what if: 1100 days simulated, about 19 s left");
  expect(shown("assemble", 1300)).toBe("assemble: 1300 days simulated");
});
