import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import {
  costAtViolation,
  estimateOf,
  judgeRelative,
  relativeDifference,
  type Setting,
  violationAtCost,
} from "../../../src/experiment/frontier/matched.js";

/**
 * The truth: violation = 0.1·exp(−extra/4) at a cost of start + extra. At 1 % the cost is start +
 * 4·ln 10.
 */
const DECAY = 4;

/**
 * Settings on that curve, with noise common to all policies in each replication, and independent
 * noise on each setting's violation.
 */
function settings(start: number, replications: number, seed: string, own = 0): Setting[] {
  const random = new RandomStream(seed);
  const shared = Array.from({ length: replications }, () => random.normal());
  return [0, 5, 10, 15, 20].map((extra) => ({
    value: 0.9 * Math.exp(-extra / 100),
    cost: shared.map((noise) => start + extra + 5 * noise),
    violation: shared.map(() => 0.1 * Math.exp(-extra / DECAY) * (1 + own * (2 * random.uniform() - 1))),
  }));
}

describe("a match of frontiers", () => {
  it("reads the frontier of the means, and gives the interval of the mean where only the cost scatters", () => {
    const one = settings(100, 8, "means");
    const found = costAtViolation(one, 0.01)!;
    const shift = one[0].cost.reduce((sum, cost) => sum + cost, 0) / 8 - 100;
    expect(found.value).toBeCloseTo(100 + shift + DECAY * Math.log(10), 9);
    // Student's interval of a mean: t(0.975, 7) = 2.364624.
    const spread = one[0].cost.map((cost) => cost - 100 - shift);
    const variance = spread.reduce((sum, x) => sum + x * x, 0) / 7;
    expect(estimateOf(found).halfWidth).toBeCloseTo(2.3646242510102993 * Math.sqrt(variance / 8), 6);
  });

  it("names the knob's value: between two settings by the logarithm, or that of the setting tried", () => {
    const { setting } = costAtViolation(settings(100, 4, "knob"), 0.01)!;
    expect(setting.how).toBe("interpolated");
    expect(setting.violationRatio).toBeCloseTo(0.01, 12);
    expect(setting.value).toBeCloseTo(0.9 * Math.exp((-DECAY * Math.log(10)) / 100), 9);
    const cliff: Setting[] = [
      { value: 0.66, cost: [3, 4], violation: [0.4, 0.36] },
      { value: 0.58, cost: [25, 26], violation: [0.003, 0.004] },
    ];
    expect(costAtViolation(cliff, 0.01)).toMatchObject({
      value: 25.5,
      setting: { how: "tried", value: 0.58, violationRatio: 0.0035 },
    });
    const module: Setting[] = [{ value: Number.NaN, cost: [7], violation: [0] }];
    expect(costAtViolation(module, 0.01)?.setting.value).toBeNull();
  });

  it("takes nothing from a setting at which the policy failed, however cheap it looks", () => {
    const failed: Setting[] = [{ value: Number.NaN, cost: [1], violation: [0], failedDecisions: 0.5 }];
    expect(costAtViolation(failed, 0.01)).toBeUndefined();
    expect(violationAtCost(failed, 7)).toBeUndefined();
    const sound: Setting = { value: 0.5, cost: [7], violation: [0] };
    expect(costAtViolation([...failed, sound], 0.01)?.value).toBe(7);
  });

  it("pairs replications: noise common to both drops out of the difference", () => {
    const base = costAtViolation(settings(100, 8, "common"), 0.01)!;
    const cheaper = costAtViolation(settings(97, 8, "common"), 0.01)!;
    const saved = relativeDifference(cheaper, base)!;
    expect(saved.value).toBeCloseTo(-3 / base.value, 9);
    // What is common is a shift of 5 in 109: 3 % of it is left in the ratio.
    expect(saved.halfWidth!).toBeLessThan(0.03 * (estimateOf(base).halfWidth! / base.value));
  });

  it("shows no difference from a baseline that may itself be 0", () => {
    const setting = { value: 1, how: "tried", violationRatio: 0.01 } as const;
    const none = { value: 0, perReplication: Float64Array.of(0, 0, 0), setting };
    const close = { value: 0.01, perReplication: Float64Array.of(0.0102, 0.0099, 0.0099), setting };
    // 1 ± 2.3 % of the minutes violate.
    const wide = { ...close, perReplication: Float64Array.of(0.02, 0.002, 0.008) };
    expect(judgeRelative(relativeDifference(none, wide)!).verdict).toBe("no difference shown");
    expect(relativeDifference(none, wide)!.halfWidth!).toBeCloseTo(estimateOf(wide).halfWidth! / 0.01, 12);
    expect(judgeRelative(relativeDifference(none, close)!).verdict).toBe("better");
  });

  it("gives at the baseline's cost the baseline's own violation, without scatter", () => {
    const one = settings(100, 6, "round trip", 0.5);
    const spent = costAtViolation(one, 0.01)!;
    const back = violationAtCost(one, spent.perReplication)!;
    expect(back.value).toBeCloseTo(0.01, 9);
    for (const value of back.perReplication) expect(value).toBeCloseTo(0.01, 9);
    expect(estimateOf(violationAtCost(one, spent.value)!).halfWidth!).toBeGreaterThan(0.001);
  });

  it("has no interval with one replication, and no value where no setting comes there", () => {
    expect(estimateOf(costAtViolation(settings(100, 1, "one"), 0.01)!)).toMatchObject({ halfWidth: null, n: 1 });
    expect(costAtViolation(settings(100, 3, "strict"), 1e-4)).toBeUndefined();
    expect(costAtViolation([], 0.01)).toBeUndefined();
    expect(violationAtCost(settings(100, 3, "cheap"), 50)).toBeUndefined();
    const nothing = { ...costAtViolation(settings(100, 3, "zero"), 0.01)!, value: 0 };
    expect(relativeDifference(nothing, nothing)).toBeUndefined();
  });

  it("covers the truth at about its stated rate, where costs and violations scatter", () => {
    let covered = 0;
    for (let trial = 0; trial < 400; trial++) {
      const { value, halfWidth } = estimateOf(costAtViolation(settings(100, 6, `trial ${trial}`, 0.6), 0.01)!);
      if (Math.abs(value - (100 + DECAY * Math.log(10))) <= halfWidth!) covered++;
    }
    // 95 % ± 2.6 standard errors of 400 trials.
    expect(covered / 400).toBeGreaterThan(0.92);
    expect(covered / 400).toBeLessThan(0.98);
  });
});
