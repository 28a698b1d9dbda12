import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  efficient,
  matchOfCost,
  matchOfViolation,
  pointAt,
  roughCostAt,
} from "../../../src/experiment/frontier/curve.js";

const FRONT = [
  { cost: 100, violation: 0.02 },
  { cost: 108, violation: 0.002 },
  { cost: 116, violation: 0.0002 },
];
/** No setting between 3.45 at 38 % and 25.48 at 0.36 % (cases/truth/frontier-cliff). */
const CLIFF = [
  { cost: 3.45, violation: 0.38 },
  { cost: 25.48, violation: 0.0036 },
  { cost: 27, violation: 0 },
];

describe("a frontier", () => {
  it("keeps the settings that no other one beats in both", () => {
    const beaten = { cost: 112, violation: 0.015 };
    const same = { cost: 108, violation: 0.003 };
    expect(efficient([FRONT[2], beaten, FRONT[0], same, FRONT[1]])).toEqual(FRONT);
  });

  it("goes straight in the logarithm between two settings that lie close", () => {
    const match = matchOfViolation(FRONT, 0.02 / Math.sqrt(10));
    expect(match).toMatchObject({ how: "interpolated", thrifty: FRONT[0], generous: FRONT[1] });
    expect(pointAt(match!).cost).toBeCloseTo(104, 9);
    expect(pointAt(matchOfCost(FRONT, 104)!).violation).toBeCloseTo(0.02 / Math.sqrt(10), 9);
  });

  it("is not read across a cliff: the cheapest setting tried that holds stands for the match", () => {
    expect(matchOfViolation(CLIFF, 0.01)).toEqual({ how: "tried", at: CLIFF[1] });
    expect(matchOfCost(CLIFF, 20.7)).toEqual({ how: "tried", at: CLIFF[0] });
  });

  it.each([
    ["violations a factor of 11 apart", 0.011, 0.001, 100, 105],
    ["costs 11 % apart", 0.002, 0.001, 100, 111],
    ["nothing violated by one of them", 0.002, 0, 100, 101],
  ])("is not read between settings with %s", (_what, dear, rare, from, to) => {
    const front = [
      { cost: from, violation: dear },
      { cost: to, violation: rare },
    ];
    expect(matchOfViolation(front, (dear + rare) / 2)).toEqual({ how: "tried", at: front[1] });
    expect(matchOfCost(front, (from + to) / 2)).toEqual({ how: "tried", at: front[0] });
  });

  it("passes through its settings", () => {
    for (const point of FRONT) {
      expect(matchOfViolation(FRONT, point.violation)).toEqual({ how: "tried", at: point });
      expect(matchOfCost(FRONT, point.cost)).toEqual({ how: "tried", at: point });
    }
  });

  it("answers nothing below its cheapest setting, and nothing for a violation that no setting comes down to", () => {
    expect(matchOfCost(FRONT, 99.9)).toBeUndefined();
    expect(matchOfViolation(FRONT, 0.0001)).toBeUndefined();
    expect(matchOfViolation([], 0.1)).toBeUndefined();
    expect(matchOfCost([], 100)).toBeUndefined();
  });

  it("never spends more than needed: above the most expensive setting it stays, a lax match costs the cheapest", () => {
    expect(matchOfCost(FRONT, 1000)).toEqual({ how: "tried", at: FRONT[2] });
    expect(matchOfViolation(FRONT, 0.5)).toEqual({ how: "tried", at: FRONT[0] });
  });

  it("never claims a cost below that of the thriftier neighbour, nor a point that does not hold", () => {
    const point = fc.record({
      cost: fc.double({ min: 1, max: 1000, noNaN: true }),
      violation: fc.double({ min: 1e-5, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 2, maxLength: 12 }),
        fc.double({ min: 1e-5, max: 1, noNaN: true }),
        (points, at) => {
          const match = matchOfViolation(efficient(points), at);
          if (match === undefined) {
            expect(Math.min(...points.map((one) => one.violation))).toBeGreaterThan(at);
            return;
          }
          const { cost, violation } = pointAt(match);
          expect(violation).toBeLessThanOrEqual(at * (1 + 1e-9));
          if (match.how === "interpolated") {
            expect(cost).toBeGreaterThanOrEqual(match.thrifty.cost);
            expect(cost).toBeLessThanOrEqual(match.generous.cost);
          }
        },
      ),
    );
  });

  it("can be read roughly anywhere, to decide what is worth running", () => {
    expect(roughCostAt(CLIFF, 0.01)).toBeGreaterThan(3.45);
    expect(roughCostAt(CLIFF, 0.01)).toBeLessThan(25.48);
    expect(roughCostAt(CLIFF, 0.0018)).toBeCloseTo(26.24, 9);
    expect(roughCostAt(CLIFF, 0.5)).toBe(3.45);
    expect(roughCostAt(FRONT, 0.0001)).toBeUndefined();
  });
});
