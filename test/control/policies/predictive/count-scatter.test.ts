import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../src/base/random.js";
import { CountScatter } from "../../../../src/control/policies/predictive/count-scatter.js";

describe("the scatter of counts", () => {
  it("expects Poisson noise and a tenth of unrest before it has seen anything", () => {
    expect(new CountScatter().variance(100)).toBeCloseTo(100 + 0.01 * 100 * 100, 9);
  });

  it("finds Poisson noise where there is nothing else", () => {
    const random = new RandomStream("poisson");
    const scatter = new CountScatter();
    for (let i = 0; i < 20_000; i++) {
      const mean = 20 + 180 * random.uniform();
      scatter.learn(mean, random.poisson(mean) - mean, 1);
    }
    for (const n of [30, 100, 180]) expect(scatter.variance(n) / n).toBeCloseTo(1, 1);
  });

  it("separates changes of the rate from noise by how the variance grows with the level", () => {
    const random = new RandomStream("unrest");
    const scatter = new CountScatter();
    for (let i = 0; i < 40_000; i++) {
      const mean = 20 + 180 * random.uniform();
      scatter.learn(mean, random.poisson(mean * (1 + 0.2 * random.normal())) - mean, 1);
    }
    // 0.2² n² + n: 175 % more at 180 than noise alone would have.
    for (const n of [40, 100, 180]) expect(scatter.variance(n) / (n + 0.04 * n * n)).toBeCloseTo(1, 1);
  });

  it("lets a single flash crowd count as at most five standard deviations", () => {
    const scatter = new CountScatter();
    for (let i = 0; i < 1000; i++) scatter.learn(100, i % 2 === 0 ? 10 : -10, 1);
    const before = scatter.variance(100);
    scatter.learn(100, 1e9, 1);
    expect(scatter.variance(100)).toBeLessThan(before * (1 + 30 / 1000));
  });

  /** The fit of a·n + b·n² by plain weighted least squares, over all cases and the prior. */
  function fitted(cases: readonly { readonly n: number; readonly squared: number; readonly w: number }[]) {
    const precision = (n: number): number => 1 / (1 + 0.01 * n);
    const total = (of: (n: number) => number): number =>
      cases.reduce((sum, { n, w }) => sum + w * precision(n) * of(n), 0);
    const mean = total((n) => n) / total(() => 1);
    const prior = [0.5, 1, 2].map((share) => {
      const n = share * mean;
      return { n, squared: n + 0.01 * n * n, w: 20 / 3 };
    });
    let [a, b, c, d, f] = [0, 0, 0, 0, 0];
    for (const { n, squared, w } of [...cases, ...prior]) {
      const p = w * precision(n);
      a += p;
      b += p * n;
      c += p * n * n;
      d += (p * squared) / n;
      f += p * squared;
    }
    const determinant = a * c - b * b;
    return { linear: (c * d - b * f) / determinant, square: (a * f - b * d) / determinant, alone: { a, c, d, f } };
  }

  it("fits as plain weighted least squares does, older cases with less weight, overlapping ones with a part", () => {
    const scatter = new CountScatter();
    const cases: { n: number; squared: number; w: number }[] = [];
    for (let i = 0; i < 60; i++) {
      const n = 30 + ((i * 37) % 90);
      const error = (i % 2 === 0 ? 1 : -1) * Math.sqrt(n + 0.03 * n * n);
      const weight = 0.25 * (1 + (i % 4));
      scatter.learn(n, error, 0.97, weight);
      for (const one of cases) one.w *= 0.97;
      cases.push({ n, squared: error * error, w: weight });
    }
    const { linear, square } = fitted(cases);
    expect(linear).toBeGreaterThan(0);
    expect(square).toBeGreaterThan(0.01);
    for (const n of [10, 50, 200]) expect(scatter.variance(n)).toBeCloseTo(linear * n + square * n * n, 6);
  });

  it.each([
    ["grows less than the level", "square", (n: number) => 30 * Math.sqrt(n)],
    ["grows faster than its square", "linear", (n: number) => 1e-5 * n * n * n * n],
  ] as const)("fits one of the two alone where the scatter %s", (_, negative, squaredAt) => {
    const scatter = new CountScatter();
    const cases: { n: number; squared: number; w: number }[] = [];
    for (let i = 0; i < 400; i++) {
      const n = 20 + 10 * (i % 11);
      const squared = squaredAt(n);
      scatter.learn(n, Math.sqrt(squared), 1, 1, squared);
      cases.push({ n, squared, w: 1 });
    }
    const fit = fitted(cases);
    expect(fit[negative]).toBeLessThan(0);
    const { a, c, d, f } = fit.alone;
    const alone = (n: number): number => (negative === "square" ? (d / a) * n : (f / c) * n * n);
    for (const n of [10, 70]) expect(scatter.variance(n) / alone(n)).toBeCloseTo(1, 9);
  });

  it("counts an error as at most 25 variances, as they were believed when the count was forecast", () => {
    const varianceAfter = (error: number, believed?: number): number => {
      const scatter = new CountScatter();
      scatter.learn(100, error, 1, 1, believed);
      return scatter.variance(100);
    };
    // The prior's variance at 100 is 200.
    expect(varianceAfter(1e9)).toBe(varianceAfter(Math.sqrt(25 * 200)));
    expect(varianceAfter(1e9)).toBeGreaterThan(varianceAfter(Math.sqrt(24 * 200)));
    expect(varianceAfter(1e9, 50)).toBe(varianceAfter(Math.sqrt(25 * 50)));
  });

  it("takes a level of nothing as half a request", () => {
    const varianceAfter = (expected: number): number => {
      const scatter = new CountScatter();
      scatter.learn(expected, 1, 1);
      return scatter.variance(10);
    };
    expect(varianceAfter(0)).toBe(varianceAfter(0.5));
    expect(varianceAfter(0.6)).not.toBe(varianceAfter(0.5));
  });
});
