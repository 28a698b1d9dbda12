import { describe, expect, it } from "vitest";
import { binomialTail, provesShare, shareInterval, shareLowerBound, trialsToProve } from "../../src/base/binomial.js";

describe("the exact binomial", () => {
  it("has the tail that adding up the terms gives", () => {
    const term = (k: number): number => {
      let choose = 1;
      for (let i = 1; i <= k; i++) choose = (choose * (12 - k + i)) / i;
      return choose * 0.3 ** k * 0.7 ** (12 - k);
    };
    for (let k = 0; k <= 13; k++) {
      let tail = 0;
      for (let j = k; j <= 12; j++) tail += term(j);
      expect(binomialTail(k, 12, 0.3)).toBeCloseTo(tail, 12);
    }
  });

  // All or none: 0.025^(1/n). Between: each bound leaves a tail of 2.5 %.
  it.each([
    [8, 12, 0.348876, 0.900754],
    [0, 5, 0, 0.5218238],
    [5, 5, 0.4781762, 1],
    [59, 59, 0.025 ** (1 / 59), 1],
  ])("gives %d of %d the interval %d to %d", (met, of, low, high) => {
    const found = shareInterval(met, of, 0.95);
    expect(found.low).toBeCloseTo(low, 6);
    if (met > 0) expect(binomialTail(met, of, found.low)).toBeCloseTo(0.025, 9);
    if (met < of) expect(1 - binomialTail(met + 1, of, found.high)).toBeCloseTo(0.025, 9);
    expect(found.high).toBeCloseTo(high, 6);
  });

  it("takes 59 of 59 to prove 95 %, 93 with one failure, and 22 of 22 for 90 % with a one-sided 90 %", () => {
    expect(trialsToProve(0, 0.95, 0.95)).toBe(59);
    expect(provesShare(59, 59, 0.95, 0.95)).toBe(true);
    expect(provesShare(58, 58, 0.95, 0.95)).toBe(false);
    expect(trialsToProve(1, 0.95, 0.95)).toBe(93);
    expect(trialsToProve(0, 0.9, 0.9)).toBe(22);
    expect(shareLowerBound(59, 59, 0.95)).toBeCloseTo(0.05 ** (1 / 59), 12);
  });

  it("proves a share of 0 by nothing, and a certainty by no number of trials", () => {
    expect(provesShare(0, 3, 0, 0.95)).toBe(true);
    expect(provesShare(1000, 1000, 1, 0.95)).toBe(false);
    expect(trialsToProve(0, 1, 0.95)).toBeUndefined();
    expect(trialsToProve(0, 0, 0.95)).toBe(1);
  });
});
