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
});
