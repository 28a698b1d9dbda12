import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costAt, efficient, violationAt } from "../../../src/experiment/frontier/curve.js";

const FRONT = [
  { cost: 100, violation: 0.1 },
  { cost: 110, violation: 0.001 },
  { cost: 130, violation: 0 },
];

describe("a frontier", () => {
  it("keeps the settings that no other one beats in both", () => {
    const beaten = { cost: 120, violation: 0.05 };
    const same = { cost: 110, violation: 0.002 };
    expect(efficient([FRONT[2], beaten, FRONT[0], same, FRONT[1]])).toEqual(FRONT);
  });

  it("goes straight in the logarithm between two settings, and straight where one has no violation", () => {
    expect(violationAt(FRONT, 105)).toBeCloseTo(0.01, 12);
    expect(costAt(FRONT, 0.01)).toBeCloseTo(105, 9);
    expect(violationAt(FRONT, 120)).toBeCloseTo(0.0005, 12);
    expect(costAt(FRONT, 0.0005)).toBeCloseTo(120, 9);
  });

  it("passes through its settings", () => {
    for (const { cost, violation } of FRONT) {
      expect(violationAt(FRONT, cost)).toBeCloseTo(violation, 12);
      expect(costAt(FRONT, violation)).toBeCloseTo(cost, 9);
    }
  });

  it("answers nothing below its cheapest setting, and nothing for a violation that no setting comes down to", () => {
    expect(violationAt(FRONT, 99.9)).toBeUndefined();
    expect(costAt(FRONT.slice(0, 2), 0.0009)).toBeUndefined();
    expect(costAt([], 0.1)).toBeUndefined();
    expect(violationAt([], 100)).toBeUndefined();
  });

  it("lets nobody spend more than he must: above the dearest setting the violation stays, a lax match costs the cheapest", () => {
    expect(violationAt(FRONT, 1000)).toBe(0);
    expect(costAt(FRONT, 0.5)).toBe(100);
  });

  it("is its own inverse, and falls", () => {
    const point = fc.record({
      cost: fc.double({ min: 1, max: 1000, noNaN: true }),
      violation: fc.double({ min: 1e-5, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 2, maxLength: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (points, at) => {
          const front = efficient(points);
          const [first, last] = [front[0], front[front.length - 1]];
          const cost = first.cost + at * (last.cost - first.cost);
          const violation = violationAt(front, cost) ?? Number.NaN;
          expect(violation).toBeLessThanOrEqual(first.violation * (1 + 1e-9));
          expect(violation).toBeGreaterThanOrEqual(last.violation * (1 - 1e-9));
          const back = costAt(front, violation) ?? Number.NaN;
          expect(violationAt(front, back)).toBeCloseTo(violation, 6);
        },
      ),
    );
  });
});
