import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { costAt } from "../../../src/experiment/frontier/curve.js";
import { matched, type Setting } from "../../../src/experiment/frontier/matched.js";

/** Settings on the curve violation = 0.1·exp(−(cost − start)/10), with noise common to all policies in each replication. */
function settings(start: number, replications: number, seed: string): Setting[] {
  const random = new RandomStream(seed);
  const shared = Array.from({ length: replications }, () => random.normal());
  return [0, 10, 20, 30, 40, 50].map((extra) => ({
    value: extra,
    cost: shared.map((noise) => start + extra + 5 * noise),
    violation: shared.map(() => 0.1 * Math.exp(-extra / 10)),
  }));
}

const atOnePerCent = (fronts: Parameters<Parameters<typeof matched>[1]>[0]): number | undefined =>
  costAt(fronts[0], 0.01);

describe("a match of frontiers", () => {
  it("reads the frontier of the means, and gives the interval of the mean where the statistic is one", () => {
    const one = settings(100, 8, "means");
    const found = matched([one], atOnePerCent);
    const shift = one[0].cost.reduce((sum, cost) => sum + cost, 0) / 8 - 100;
    expect(found?.value).toBeCloseTo(100 + shift + 10 * Math.log(10), 9);
    // The jackknife of a mean is Student's interval: t(0.975, 7) = 2.364624.
    const spread = one[0].cost.map((cost) => cost - 100 - shift);
    const variance = spread.reduce((sum, x) => sum + x * x, 0) / 7;
    expect(found?.halfWidth).toBeCloseTo(2.3646242510102993 * Math.sqrt(variance / 8), 6);
  });

  it("pairs replications: noise common to both drops out of the difference", () => {
    const base = settings(100, 8, "common");
    const better = settings(97, 8, "common");
    const saved = matched([base, better], ([a, b]) => {
      const [from, to] = [costAt(a, 0.01), costAt(b, 0.01)];
      return from === undefined || to === undefined ? undefined : to - from;
    });
    expect(saved?.value).toBeCloseTo(-3, 9);
    expect(saved?.halfWidth).toBeCloseTo(0, 6);
  });

  it("has no interval with one replication", () => {
    expect(matched([settings(100, 1, "one")], atOnePerCent)).toMatchObject({ halfWidth: null, n: 1 });
  });

  it("has no value where a replication's absence takes the answer away", () => {
    const rare: Setting[] = [{ value: 1, cost: [10, 10], violation: [0, 0.03] }];
    expect(matched([rare], ([front]) => costAt(front, 0.02))).toBeUndefined();
    expect(matched([[]], atOnePerCent)).toBeUndefined();
  });

  it("covers the truth about as often as it says", () => {
    let covered = 0;
    for (let trial = 0; trial < 400; trial++) {
      const found = matched([settings(100, 6, `trial ${trial}`)], atOnePerCent);
      if (found?.halfWidth != null && Math.abs(found.value - (100 + 10 * Math.log(10))) <= found.halfWidth) covered++;
    }
    // 95 % ± 2.6 standard errors of 400 trials.
    expect(covered / 400).toBeGreaterThan(0.92);
    expect(covered / 400).toBeLessThan(0.98);
  });
});
