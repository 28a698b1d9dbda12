import { describe, expect, it } from "vitest";
import { LogHistogram } from "../../src/base/histogram.js";
import { kaplanMeierQuantile, kaplanMeierShareAbove } from "../../src/base/kaplan-meier.js";
import { RandomStream } from "../../src/base/random.js";

function of(values: readonly number[]): LogHistogram {
  const histogram = new LogHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

function shareAbove(ended: LogHistogram, censored: LogHistogram, boundMs: number, endedWithin: number, beyond = 0) {
  return kaplanMeierShareAbove(ended, censored, { boundMs, endedWithin, beyond });
}

describe("Kaplan and Meier's estimate", () => {
  // Ends at 1, 2, 4, 8; censored at 3 and 5. S = 5/6, 4/6, then 4/6·2/3 = 4/9, then 0.
  const [ended, censored] = [of([1, 2, 4, 8]), of([3, 5])];

  it("is that of an example by hand", () => {
    const quantile = (p: number) => kaplanMeierQuantile(ended, censored, p).value;
    for (const [p, value] of [
      [0.1, 1],
      [0.3, 2],
      [0.5, 4],
      [0.6, 8],
    ]) {
      expect(Math.abs(quantile(p) / value - 1)).toBeLessThan(0.008);
    }
    expect(shareAbove(ended, censored, 2, 2)).toBeCloseTo(4 / 6, 12);
    expect(shareAbove(ended, censored, 4.5, 3)).toBeCloseTo(4 / 9, 12);
    expect(shareAbove(ended, censored, 9, 4)).toBeCloseTo(0, 12);
  });

  it("gives the longest time as a lower bound where too many are censored", () => {
    expect(kaplanMeierQuantile(of([1, 2]), of([50, 60, 70]), 0.5)).toEqual({ value: 70, isLowerBound: true });
    expect(kaplanMeierQuantile(of([]), of([50]), 0.01)).toEqual({ value: 50, isLowerBound: true });
    expect(kaplanMeierQuantile(of([1, 2]), of([50, 60, 70]), 0.4).isLowerBound).toBe(false);
  });

  it("is the ordinary quantile without censored times, and an ordinary share where none lies below the bound", () => {
    const values = of([1, 5, 9, 200]);
    for (const p of [0.1, 0.5, 0.99])
      expect(kaplanMeierQuantile(values, of([]), p)).toEqual({ value: values.quantile(p), isLowerBound: false });
    expect(shareAbove(of([1, 2, 3]), of([10]), 5, 3)).toBe(0.25);
    expect(shareAbove(of([]), of([]), 5, 0)).toBe(0);
  });

  it("holds nothing against a bound that no time is known to exceed", () => {
    expect(shareAbove(of([1, 2]), of([3, 4]), 5, 2)).toBe(0);
    expect(shareAbove(of([1, 2]), of([3, 4]), 5, 2, 1)).toBeCloseTo(3 / 5, 12);
    expect(shareAbove(of([1, 2]), of([3, 6]), 5, 2)).toBeCloseTo(2 / 4, 12);
  });

  it("counts ends before censorings of the same bucket", () => {
    // One of four at risk ends at 5; the censored one of that instant is still at risk then.
    expect(shareAbove(of([5, 9]), of([5, 1]), 6, 1)).toBeCloseTo(1 - 1 / 3, 12);
    // So two of three exceed 5, and the quantile of 0.4 is the next end.
    expect(Math.abs(kaplanMeierQuantile(of([5, 9]), of([5, 1]), 0.4).value / 9 - 1)).toBeLessThan(0.008);
  });

  it("finds the quantiles of times that are cut at random, where those of the uncut ones are far too low", () => {
    const random = new RandomStream("censoring");
    const [ends, cuts] = [new LogHistogram(), new LogHistogram()];
    for (let i = 0; i < 40_000; i++) {
      const [time, cut] = [-Math.log(random.uniform()), -Math.log(random.uniform())];
      if (time <= cut) ends.record(time);
      else cuts.record(cut);
    }
    // The exponential's median and P90: ln 2, ln 10. Standard errors at 40,000 are about 1 and 2 %.
    expect(Math.abs(kaplanMeierQuantile(ends, cuts, 0.5).value / Math.LN2 - 1)).toBeLessThan(0.04);
    expect(Math.abs(kaplanMeierQuantile(ends, cuts, 0.9).value / Math.LN10 - 1)).toBeLessThan(0.08);
    expect(ends.quantile(0.9)).toBeLessThan(0.6 * Math.LN10);
  });
});
