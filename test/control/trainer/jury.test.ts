import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { Candidate } from "../../../src/control/trainer/candidate.js";
import { Jury } from "../../../src/control/trainer/jury.js";
import type { TrainableForecaster } from "../../../src/ports/forecaster.js";

const DAY = 24;
const unused = {} as TrainableForecaster;

/** A candidate with these costs per bin, the newest last. */
function costing(name: string, costs: readonly number[]): Candidate {
  const candidate = new Candidate(name, unused, { leadBins: 1, level: 0.9, keptBins: Jury.days * DAY });
  candidate.adopt(Float64Array.from(costs), costs.length);
  return candidate;
}

/** This many bins of one cost. */
const bins = (count: number, cost: number): number[] => new Array<number>(count).fill(cost);
const days = (count: number, cost: number): number[] => bins(count * DAY, cost);
const newJury = (benchmark = "none"): Jury => new Jury(benchmark, DAY, new RandomStream("jury"));

/** What a jury decides at the start about candidates with these costs; the first serves. */
function atStart(...costs: readonly (readonly number[])[]) {
  const candidates = costs.map((one, c) => costing(`c${c}`, one));
  return newJury().atStart(candidates, 0, costs[0].length);
}

/** The same at the end of a day, against a benchmark. */
function daily(benchmark: string, ...costs: readonly (readonly number[])[]) {
  const candidates = costs.map((one, c) => costing(`c${c}`, one));
  return newJury(benchmark).daily(candidates, 0, costs[0].length);
}

describe("the jury: promotion", () => {
  it("takes a challenger that was 2 % cheaper, and none that was less", () => {
    expect(atStart(days(7, 100), days(7, 98))).toEqual({
      kind: "promoted",
      to: 1,
      reason: "cheaper-than-c0",
      details: { ratio: 0.98, upper: 0.98, days: 7 },
    });
    expect(atStart(days(7, 100), days(7, 98.1))).toBeUndefined();
  });

  it("takes the cheapest of several, wherever it stands, and the first of equals", () => {
    expect(atStart(days(7, 100), days(7, 90), days(7, 80), days(7, 85))?.to).toBe(2);
    expect(atStart(days(7, 100), days(7, 80), days(7, 80))?.to).toBe(1);
  });

  it("asks for five days that both know", () => {
    const known = (count: number): number[] => [...bins(7 * DAY - count, Number.NaN), ...bins(count, 50)];
    expect(atStart(days(7, 100), known(5 * DAY))?.details.days).toBe(5);
    expect(atStart(days(7, 100), known(5 * DAY - 1))).toBeUndefined();
  });

  it("looks at the last seven days only", () => {
    expect(atStart([...days(1, 1), ...days(7, 100)], [...days(1, 1e9), ...days(7, 90)])?.details.ratio).toBe(0.9);
  });

  it("asks that the whole interval lies below 1, in blocks of a quarter of a day", () => {
    // Half of all quarters cost 40, half 150: 5 % cheaper on average, by chance alone.
    const quarters = Array.from({ length: 28 }, (_, q) => bins(6, q % 2 === 0 ? 40 : 150)).flat();
    expect(atStart(days(7, 100), quarters)).toBeUndefined();
    // The same costs bin by bin are each as likely in every block.
    const mixed = Array.from({ length: 7 * DAY }, (_, i) => (i % 2 === 0 ? 40 : 150));
    expect(atStart(days(7, 100), mixed)?.details.ratio).toBe(0.95);
  });
});

describe("the jury: the end of a day", () => {
  it("is the only time at which it judges", () => {
    const candidates = [costing("c0", days(2, 9)), costing("c1", days(2, 1))];
    const jury = newJury("c1");
    expect([47, 49, 50].map((length) => jury.daily(candidates, 0, length))).toEqual([undefined, undefined, undefined]);
    expect(jury.daily(candidates, 0, 48)?.kind).toBe("demoted");
  });

  it("demotes what cost more than the benchmark that day, in favour of the day's cheapest", () => {
    expect(daily("c1", [...days(3, 1), ...days(1, 6)], days(4, 5), days(4, 4))).toEqual({
      kind: "demoted",
      to: 2,
      reason: "a-day-dearer-than-c1",
      details: { cost: 6, benchmarkCost: 5 },
    });
    expect(daily("c1", days(4, 5), days(4, 5), days(4, 4.99))).toBeUndefined();
  });

  it("demotes nothing without a benchmark, and not the benchmark itself", () => {
    // Cheaper for a day only: no reason for a promotion.
    const cheap = [...days(3, 9), ...days(1, 1)];
    expect(daily("none", days(4, 5), cheap)).toBeUndefined();
    expect(daily("c0", days(4, 5), cheap)).toBeUndefined();
    expect(daily("c1", days(4, 5), cheap)?.to).toBe(1);
  });

  it("demotes in favour of the first candidate, too, whichever serves", () => {
    const candidates = [costing("c0", days(1, 4)), costing("c1", days(1, 5))];
    expect(newJury("c0").daily(candidates, 1, DAY)).toMatchObject({ kind: "demoted", to: 0 });
  });

  it("promotes where it does not demote", () => {
    const change = daily("c2", days(7, 5), days(7, 1), days(7, 6));
    expect(change).toMatchObject({ kind: "promoted", to: 1 });
  });

  it("judges by the bins that all know, at least half a day of them", () => {
    const known = (count: number, cost: number): number[] => [...bins(DAY - count, Number.NaN), ...bins(count, cost)];
    expect(daily("c1", days(1, 5), known(12, 4))?.details).toEqual({ cost: 5, benchmarkCost: 4 });
    expect(daily("c1", days(1, 5), known(11, 4))).toBeUndefined();
    expect(daily("c1", [...bins(12, 100), ...bins(12, 3)], known(12, 4))).toBeUndefined();
  });

  it("lets a candidate without any forecast neither take over nor stand in the way", () => {
    const change = daily("c2", days(1, 5), days(1, Number.NaN), days(1, 4));
    expect(change).toMatchObject({ kind: "demoted", to: 2 });
  });
});

describe("the jury: drift", () => {
  const drifted = (costs: readonly number[], sinceTrained = 7 * DAY, length = costs.length) =>
    newJury().drifted(costing("c0", costs), length, sinceTrained);

  it("is a day more than twice as dear as the days before", () => {
    expect(drifted([...days(3, 2), ...days(1, 4.5)])).toEqual({
      reason: "a-day-dearer-than-those-before",
      details: { ratio: 2.25 },
    });
    expect(drifted([...days(3, 2), ...days(1, 4)])).toBeUndefined();
  });

  it("is judged at the end of a day, a day after the last training at the earliest", () => {
    const costs = [...days(3, 2), ...days(1, 9)];
    expect(drifted(costs, DAY)).toBeDefined();
    expect(drifted(costs, DAY - 1)).toBeUndefined();
    expect(drifted([...costs, 9])).toBeUndefined();
  });

  it("asks for two known days before, and half a known day", () => {
    const unknown = (count: number): number[] => bins(count, Number.NaN);
    expect(drifted([...days(2, 2), ...days(1, 9)])).toBeDefined();
    expect(drifted([...unknown(1), ...bins(2 * DAY - 1, 2), ...days(1, 9)])).toBeUndefined();
    expect(drifted([...days(2, 2), ...unknown(12), ...bins(12, 9)])).toBeDefined();
    expect(drifted([...days(2, 2), ...unknown(13), ...bins(11, 9)])).toBeUndefined();
    expect(drifted(bins(DAY, 9))).toBeUndefined();
  });

  it("compares with the six days before", () => {
    expect(drifted([...days(1, 1000), ...days(6, 2), ...days(1, 9)])?.details.ratio).toBe(4.5);
  });
});
