import { describe, expect, it } from "vitest";
import { logGamma } from "../../src/base/beta.js";
import { normalCdf, normalQuantile } from "../../src/base/normal.js";
import { RandomStream } from "../../src/base/random.js";
import { estimate, mean, variance } from "../../src/base/statistics.js";
import { studentCdf, studentQuantile } from "../../src/base/student.js";

describe("Student's t", () => {
  // Fisher and Yates, Statistical Tables (1963), and any statistics package.
  it.each([
    [0.975, 1, 12.706204736174698],
    [0.975, 2, 4.302652729749462],
    [0.975, 4, 2.7764451051977987],
    [0.975, 9, 2.2621571628540993],
    [0.975, 29, 2.045229642132703],
    [0.995, 9, 3.2498355415921254],
    [0.95, 100, 1.660234326065978],
    [0.975, 1e6, 1.959966],
  ])("has its %d quantile with %d degrees of freedom at %d", (probability, degrees, wanted) => {
    expect(studentQuantile(probability, degrees)).toBeCloseTo(wanted, degrees > 1e5 ? 5 : 9);
    expect(studentQuantile(1 - probability, degrees)).toBeCloseTo(-wanted, degrees > 1e5 ? 5 : 9);
  });

  it("is Cauchy's with one degree of freedom, and its quantile inverts it", () => {
    for (const t of [-30, -1, 0, 0.5, 7]) expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12);
    for (const p of [1e-6, 0.1, 0.5, 0.9, 0.999999]) expect(studentCdf(studentQuantile(p, 7), 7)).toBeCloseTo(p, 10);
  });

  it("rests on ln Γ: factorials, and Γ(½) = √π", () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    let factorial = 1;
    for (let n = 1; n < 20; n++) {
      expect(logGamma(n + 1)).toBeCloseTo(Math.log(factorial * n), 10);
      factorial *= n;
    }
  });
});

describe("the normal law", () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.959963984540054, 0.025],
    [2.5, 0.9937903346742238],
    [-6, 9.865876450376981e-10],
    [-20, 2.7536241186062337e-89],
  ])("has Φ(%d) = %d", (x, wanted) => {
    expect(Math.abs(normalCdf(x) / wanted - 1)).toBeLessThan(1e-12);
    expect(normalQuantile(wanted)).toBeCloseTo(x, 9);
  });

  it("has infinite quantiles at 0 and 1 and none outside", () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
    for (const p of [-0.1, 1.1, Number.NaN]) expect(normalQuantile(p)).toBeNaN();
  });
});

describe("an estimate", () => {
  it("has the mean and Student's interval of a small sample by hand", () => {
    // 2, 4, 6: mean 4, variance 4, standard error √(4/3), t = 4.3027 with two degrees of freedom.
    expect([mean([2, 4, 6]), variance([2, 4, 6])]).toEqual([4, 4]);
    const { mean: centre, halfWidth, n, confidence } = estimate([2, 4, 6], 0.95);
    expect([centre, n, confidence]).toEqual([4, 3, 0.95]);
    expect(halfWidth).toBeCloseTo(4.302652729749462 * Math.sqrt(4 / 3), 9);
  });

  it("has no interval for one value", () => {
    expect(estimate([3], 0.95)).toEqual({ mean: 3, halfWidth: null, confidence: 0.95, n: 1 });
  });

  it("covers the true mean at its stated rate, also with five values", () => {
    const random = new RandomStream("coverage");
    const rounds = 4000;
    let covered = 0;
    for (let round = 0; round < rounds; round++) {
      const { mean: centre, halfWidth } = estimate(
        Array.from({ length: 5 }, () => 10 + random.normal()),
        0.95,
      );
      if (Math.abs(centre - 10) <= halfWidth!) covered++;
    }
    expect(Math.abs(covered / rounds - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / rounds));
  });
});
