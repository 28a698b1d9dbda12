import { describe, expect, it } from "vitest";
import {
  constantLaw,
  distributionOf,
  empiricalLaw,
  exponentialLaw,
  type Law,
  lognormalByMean,
  lognormalByMedian,
  paretoLaw,
} from "../../src/base/distribution.js";
import { RandomStream } from "../../src/base/random.js";

const N = 200_000;
/** Four standard errors: one false alarm in 16,000. */
const Z = 4;

function samples(law: Law): Float64Array {
  const random = new RandomStream(`samples of ${law.kind}`);
  const distribution = distributionOf(law);
  return Float64Array.from({ length: N }, () => distribution.sample(random)).sort();
}

const values = Float64Array.of(9, 1, 4, 4, 25);
/** Each law with its true mean and standard deviation; Infinity where there is none. */
const laws: readonly [string, Law, number, number][] = [
  ["constant", constantLaw(7), 7, 0],
  ["exponential", exponentialLaw(600), 600, 600],
  ["lognormal by mean and cv", lognormalByMean(600, 1.5), 600, 900],
  ["lognormal with cv 0", lognormalByMean(600, 0), 600, 0],
  ["Pareto with a variance", paretoLaw(600, 3), 600, 600 / Math.sqrt(3)],
  ["Pareto without a variance", paretoLaw(600, 1.5), 600, Number.POSITIVE_INFINITY],
  ["empirical", empiricalLaw(values), 8.6, Math.sqrt(73.84)],
];

describe.each(laws)("%s", (_, law, mean, deviation) => {
  const distribution = distributionOf(law);
  const sorted = samples(law);

  it("has the mean that was asked for", () => {
    expect(distribution.mean).toBeCloseTo(mean, 9);
    const sum = sorted.reduce((total, value) => total + value, 0);
    if (Number.isFinite(deviation))
      expect(Math.abs(sum / N - mean)).toBeLessThanOrEqual((Z * deviation) / Math.sqrt(N) + 1e-9 * mean);
  });

  it("is drawn from its survival function", () => {
    for (const probability of [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]) {
      const at = distribution.quantile(probability) * 1.0000001;
      const above = sorted.filter((value) => value > at).length / N;
      const survival = distribution.survival(at);
      const error = Z * Math.sqrt((survival * (1 - survival)) / N);
      expect(Math.abs(above - survival)).toBeLessThanOrEqual(error + 1e-12);
    }
  });

  it("has quantiles that invert the survival function, and never a NaN or a negative draw", () => {
    for (const probability of [0, 0.001, 0.3, 0.5, 0.9, 0.999]) {
      const quantile = distribution.quantile(probability);
      expect(quantile).toBeGreaterThanOrEqual(0);
      if (law.kind !== "constant" && law.kind !== "empirical" && deviation > 0)
        expect(distribution.survival(quantile)).toBeCloseTo(1 - probability, 9);
      expect(distribution.survival(quantile * (1 - 1e-9))).toBeGreaterThanOrEqual(1 - probability - 1e-6);
    }
    expect(sorted[0]).toBeGreaterThanOrEqual(0);
    expect(Number.isFinite(sorted[N - 1])).toBe(true);
    expect(distribution.survival(-1)).toBe(1);
  });
});

describe("a lognormal through its median and 99 % quantile", () => {
  it("passes through both", () => {
    const distribution = distributionOf(lognormalByMedian(25, 60));
    expect(distribution.quantile(0.5)).toBeCloseTo(25, 9);
    expect(distribution.quantile(0.99)).toBeCloseTo(60, 9);
    const sorted = samples(lognormalByMedian(25, 60));
    // Standard errors of sample quantiles: √(p(1 − p)/n) over the density there.
    expect(Math.abs(sorted[N / 2] - 25)).toBeLessThan(Z * 0.053);
    expect(Math.abs(sorted[Math.floor(N * 0.99)] - 60)).toBeLessThan(Z * 0.19);
  });
});

describe("a lognormal by mean and cv", () => {
  it("has that coefficient of variation", () => {
    const sorted = samples(lognormalByMean(100, 0.5));
    const mean = sorted.reduce((total, value) => total + value, 0) / N;
    const variance = sorted.reduce((total, value) => total + (value - mean) * (value - mean), 0) / (N - 1);
    // The kurtosis of a lognormal with cv 0.5 is 8.0: a standard error of the variance of √(7/n) =
    // 0.6 %.
    expect(Math.abs(Math.sqrt(variance) / mean - 0.5)).toBeLessThan(Z * 0.5 * 0.003 + 0.001);
  });
});

describe("an empirical law", () => {
  it("draws each value as often as it is listed, and leaves the list unchanged", () => {
    const random = new RandomStream("empirical");
    const distribution = distributionOf(empiricalLaw(values));
    const counts = new Map<number, number>();
    for (let i = 0; i < 50_000; i++) {
      const value = distribution.sample(random);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([1, 4, 9, 25]);
    for (const [value, share] of [
      [1, 0.2],
      [4, 0.4],
      [9, 0.2],
      [25, 0.2],
    ])
      expect(Math.abs(counts.get(value)! / 50_000 - share)).toBeLessThan(Z * Math.sqrt((share * (1 - share)) / 50_000));
    expect([...values]).toEqual([9, 1, 4, 4, 25]);
  });

  it("of one value is that value", () => {
    const one = distributionOf(empiricalLaw(Float64Array.of(3)));
    expect([one.mean, one.sample(new RandomStream("one")), one.survival(2.9), one.survival(3)]).toEqual([3, 3, 1, 0]);
  });
});

describe("the largest value of a law, its quantile of 1,", () => {
  it("is the value itself, the greatest of a sample, or Infinity for each law with a tail", () => {
    const largest = (law: Law): number => distributionOf(law).quantile(1);
    expect([constantLaw(7), empiricalLaw(values), lognormalByMean(600, 0)].map(largest)).toEqual([7, 25, 600]);
    for (const law of [exponentialLaw(600), lognormalByMean(600, 1.5), lognormalByMedian(2, 6), paretoLaw(600, 3)])
      expect(largest(law)).toBe(Number.POSITIVE_INFINITY);
  });
});
