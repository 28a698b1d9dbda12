import { describe, expect, it } from "vitest";
import { controlledEstimate } from "../../src/base/control-variates.js";
import { RandomStream } from "../../src/base/random.js";
import { estimate } from "../../src/base/statistics.js";

function normals(random: RandomStream, n: number): number[] {
  return Array.from({ length: n }, () => random.normal());
}

describe("the controlled estimate", () => {
  it("is the plain mean with Student's interval where there is no control", () => {
    const values = normals(new RandomStream("plain"), 12);
    const plain = estimate(values, 0.95);
    const own = controlledEstimate(values, [], 0.95);
    expect(own.mean).toBeCloseTo(plain.mean, 14);
    expect(own.halfWidth).toBeCloseTo(plain.halfWidth ?? Number.NaN, 12);
    expect(own.degrees).toBe(11);
  });

  it("finds the mean exactly where two controls explain all of the noise", () => {
    const random = new RandomStream("exact");
    const [a, b] = [normals(random, 10), normals(random, 10)];
    const values = a.map((x, i) => 7 + 3 * x - 2 * b[i]);
    const own = controlledEstimate(values, [a, b], 0.99);
    expect(own.mean).toBeCloseTo(7, 12);
    expect(own.halfWidth).toBeLessThan(1e-12);
    expect(own.degrees).toBe(7);
  });

  it("drops a control that others explain, and one that never moves", () => {
    const random = new RandomStream("collinear");
    const a = normals(random, 10);
    const values = normals(random, 10);
    const once = controlledEstimate(values, [a], 0.95);
    const constant = a.map(() => 0);
    expect(controlledEstimate(values, [a, a.map((x) => -2 * x), constant], 0.95)).toEqual(once);
  });

  it("covers the true mean at its stated rate, with a narrower interval than the plain mean", () => {
    const random = new RandomStream("coverage");
    const tries = 4000;
    let covered = 0;
    let widths = 0;
    let plainWidths = 0;
    for (let i = 0; i < tries; i++) {
      const control = normals(random, 20);
      const values = control.map((x) => 1 + 2 * x + random.normal());
      const own = controlledEstimate(values, [control], 0.9);
      if (Math.abs(own.mean - 1) <= own.halfWidth) covered++;
      widths += own.halfWidth;
      plainWidths += estimate(values, 0.9).halfWidth ?? Number.NaN;
    }
    // Four standard deviations of a share of 0.9 in 4,000 tries.
    expect(Math.abs(covered / tries - 0.9)).toBeLessThan(4 * Math.sqrt((0.9 * 0.1) / tries));
    expect(widths).toBeLessThan(plainWidths / 2);
  });

  it("has no interval where values are too few", () => {
    expect(controlledEstimate([1, 2], [[0.1, -0.1]], 0.95).halfWidth).toBeNaN();
  });
});
