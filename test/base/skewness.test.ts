import { describe, expect, it } from "vitest";
import { adjustedSkewness, sampleSkewness, skewnessTerm } from "../../src/base/skewness.js";

describe("the skewness of a sample", () => {
  it("is the third central moment over the cubed deviation: (2·(−1)³ + 2³)/3 over √2³ for 0, 0, 3", () => {
    expect(sampleSkewness([0, 0, 3])).toBeCloseTo(2 / Math.SQRT2 ** 3, 12);
  });

  it("is adjusted by √(n(n−1))/(n−2), √6 for three values", () => {
    expect(adjustedSkewness([0, 0, 3])).toBeCloseTo((2 / Math.SQRT2 ** 3) * Math.sqrt(6), 12);
  });

  it("is 0 where all values are equal, and for two values", () => {
    expect(sampleSkewness([4, 4, 4])).toBe(0);
    expect(adjustedSkewness([1, 5])).toBe(0);
  });
});

describe("Johnson's term", () => {
  it("adds γ (1 + 2t²)/(6√n): 0.75 for γ = 1, n = 4 and t = 2", () => {
    expect(skewnessTerm(1, 4, 2)).toBeCloseTo(9 / 12, 12);
  });

  it("is 0 where the long tail lies below", () => {
    expect(skewnessTerm(-3, 4, 2)).toBe(0);
  });
});
