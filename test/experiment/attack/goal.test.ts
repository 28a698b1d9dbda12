import { describe, expect, it } from "vitest";
import { marginOf, type RunFigures, ratioInterval } from "../../../src/experiment/attack/goal.js";

const run = (change: Partial<RunFigures> = {}): RunFigures => ({
  met: true,
  excess: 1,
  cost: 10,
  turnsPerHour: 0,
  ...change,
});
const five = (make: (r: number) => Partial<RunFigures>): RunFigures[] =>
  Array.from({ length: 5 }, (_, r) => run(make(r)));

describe("the margin of a world", () => {
  it("shows a missed SLO where the whole interval of the ratio lies above the factor", () => {
    const goal = { kind: "slo", factor: 5 } as const;
    const against = five(() => ({}));
    expect(marginOf(goal, { policy: five((r) => ({ met: false, excess: 8 + r })), against }).holds).toBe(true);
    expect(marginOf(goal, { policy: five((r) => ({ met: false, excess: 2 + 3 * r })), against }).holds).toBe(false);
    const both = five((r) => ({ met: false, excess: 8 + r }));
    expect(marginOf(goal, { policy: both, against: both }).holds).toBe(false);
  });

  it("shows nothing from one replication, however far it goes", () => {
    const policy = [run({ met: false, excess: 1000 })];
    expect(marginOf({ kind: "slo", factor: 1 }, { policy, against: undefined }).holds).toBe(false);
  });

  it("counts a more expensive policy as a loss only where it serves no better", () => {
    const goal = { kind: "loss", factor: 1.03 } as const;
    const dear = five((r) => ({ cost: 11 + r / 10 }));
    expect(marginOf(goal, { policy: dear, against: five(() => ({})) }).holds).toBe(true);
    const late = five(() => ({ met: false, excess: 3 }));
    expect(marginOf(goal, { policy: dear, against: late })).toMatchObject({ comparable: false, holds: false });
    expect(marginOf(goal, { policy: five(() => ({ cost: 10.2 })), against: five(() => ({})) }).holds).toBe(false);
  });

  it("counts turns per hour against their bound, none included", () => {
    const goal = { kind: "oscillation", perHour: 20 } as const;
    const of = (turns: number) =>
      marginOf(goal, { policy: five((r) => ({ turnsPerHour: turns + r })), against: undefined });
    expect(of(30).holds).toBe(true);
    expect(of(10).holds).toBe(false);
    expect(marginOf(goal, { policy: five(() => ({})), against: undefined }).estimate.mean).toBeLessThan(-5);
  });
});

describe("the ratio of a find", () => {
  it("is the geometric mean with the interval of the logarithms", () => {
    const policy = [2, 8].map((cost) => run({ cost }));
    const against = [1, 1].map((cost) => run({ cost }));
    const { ratio, low, high, n } = ratioInterval({ kind: "loss", factor: 1 }, { policy, against });
    expect([ratio, n]).toEqual([expect.closeTo(4, 12), 2]);
    // Logarithms ln 4 ± ln 2: their standard error is ln 2, Student's t with 1 degree 12.7062.
    expect(low).toBeCloseTo(4 * Math.exp(-12.7062 * Math.log(2)), 6);
    expect(Math.log(high)).toBeCloseTo(Math.log(4) + 12.7062 * Math.log(2), 3);
  });
});
