import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../src/base/random.js";
import { LeastSquares } from "../../../../src/control/policies/predictive/least-squares.js";

describe("recursive least squares", () => {
  it("keeps its prior weights until there are data", () => {
    const learner = new LeastSquares([0, 0.5], 30);
    expect(learner.predict([10, 4])).toBe(2);
    learner.learn([0, 0], 7, 1, 1);
    expect(Array.from(learner.weights)).toEqual([0, 0.5]);
  });

  it("agrees with the normal equations of ridge regression around the prior when nothing is forgotten", () => {
    const random = new RandomStream("ridge");
    const confidence = 5;
    const learner = new LeastSquares([1, -1], confidence);
    // (XᵀX + c·I)(w − prior) = Xᵀ(y − X·prior)
    const [a, b, d, e, f] = [confidence, 0, confidence, 0, 0];
    const sums = { a, b, d, e, f };
    for (let i = 0; i < 50; i++) {
      const x = [random.normal(), random.normal()];
      const y = 2 * x[0] + 3 * x[1] + random.normal();
      learner.learn(x, y, 1, 1);
      const rest = y - (x[0] - x[1]);
      sums.a += x[0] * x[0];
      sums.b += x[0] * x[1];
      sums.d += x[1] * x[1];
      sums.e += x[0] * rest;
      sums.f += x[1] * rest;
    }
    const determinant = sums.a * sums.d - sums.b * sums.b;
    expect(learner.weights[0]).toBeCloseTo(1 + (sums.d * sums.e - sums.b * sums.f) / determinant, 9);
    expect(learner.weights[1]).toBeCloseTo(-1 + (sums.a * sums.f - sums.b * sums.e) / determinant, 9);
  });

  it("agrees with weighted ridge regression when older cases lose weight and each has its own scale", () => {
    const [keep, confidence] = [0.98, 0.01];
    const learner = new LeastSquares([1, -1], confidence);
    // (Σ λⁿ⁻ⁱ·x·xᵀ/s² + λⁿ·c·I)(w − prior) = Σ λⁿ⁻ⁱ·x·(y − x·prior)/s²
    let [a, b, d, e, f] = [confidence, 0, confidence, 0, 0];
    for (let i = 0; i < 40; i++) {
      const x = [3 * Math.cos(1 + 2 * i), 2 * Math.sin(3 * i + 1)];
      const y = 2 * x[0] + 3 * x[1] + Math.sin(7 * i);
      const scale = 1 + (i % 4);
      learner.learn(x, y, scale, keep);
      const rest = y - (x[0] - x[1]);
      const w = 1 / (scale * scale);
      [a, b, d, e, f] = [a, b, d, e, f].map((sum) => sum * keep);
      a += w * x[0] * x[0];
      b += w * x[0] * x[1];
      d += w * x[1] * x[1];
      e += w * x[0] * rest;
      f += w * x[1] * rest;
    }
    const determinant = a * d - b * b;
    expect(learner.weights[0]).toBeCloseTo(1 + (d * e - b * f) / determinant, 9);
    expect(learner.weights[1]).toBeCloseTo(-1 + (a * f - b * e) / determinant, 9);
  });

  it("follows weights that change, by forgetting", () => {
    const random = new RandomStream("drift");
    const learner = new LeastSquares([0], 30);
    for (let i = 0; i < 2000; i++) {
      const x = [random.normal()];
      learner.learn(x, x[0] * (i < 1000 ? 1 : -1), 1, 0.99);
    }
    expect(learner.weights[0]).toBeCloseTo(-1, 3);
  });

  it("does not wind up while a feature stands still", () => {
    const learner = new LeastSquares([0, 0], 30);
    for (let i = 0; i < 100_000; i++) learner.learn([1, 0], 1, 1, 0.99);
    learner.learn([0, 1], 1, 1, 0.99);
    // One case against a prior of 30: a weight of 1/31.
    expect(learner.weights[1]).toBeLessThanOrEqual(1 / 30);
    expect(learner.weights[0]).toBeCloseTo(1, 6);
  });
});
