import { describe, expect, it } from "vitest";
import { holtWintersPrediction, linearPrediction } from "../../../src/control/policies/replica-models.js";

// A season, a trend and noise, in the thousands of thousands: a rounded result has seven digits.
const values = [
  820, 1010, 1340, 905, 870, 1110, 1395, 960, 905, 1150, 1490, 1005, 980, 1205, 1530, 1090, 1015, 1290, 1600, 1120,
  1075, 1330, 1705, 1175, 1100, 1380,
].map((thousands) => 1000 * thousands);

describe("Holt–Winters", () => {
  // Computed apart from this code, in Python, from the formulas of Hyndman et al. 2008.
  it.each([
    ["multiplicative", 4, 26, 1755241.5],
    ["multiplicative", 4, 25, 1384676.2],
    ["additive", 4, 26, 1709251.4],
    ["additive", 4, 25, 1379908.4],
    ["multiplicative", 3, 26, 1169957.2],
    ["multiplicative", 3, 25, 1322460.7],
    ["additive", 3, 26, 1153682.9],
    ["additive", 3, 25, 1304936.7],
    ["multiplicative", 5, 26, 1326070.0],
    ["additive", 5, 25, 1181763.4],
  ] as const)(
    "with %s seasons of %d syncs predicts after %d values what the formulas give",
    (seasonal, m, n, exact) => {
      const spec = { alpha: 0.4, beta: 0.2, gamma: 0.3, seasonalPeriods: m, seasonal };
      expect(holtWintersPrediction(values.slice(0, n), spec)).toBe(Math.ceil(exact));
    },
  );

  it("needs two seasons, and ten values and one season more", () => {
    const needs = (seasonalPeriods: number): number => {
      const spec = { alpha: 0.5, beta: 0.5, gamma: 0.5, seasonalPeriods, seasonal: "additive" } as const;
      const isEnough = (length: number) => holtWintersPrediction(new Array<number>(length).fill(7), spec) !== undefined;
      return Array.from({ length: 100 }, (_, n) => n).findIndex(isEnough);
    };
    expect([2, 3, 4, 6, 9, 10, 11, 20].map(needs)).toEqual([12, 12, 14, 16, 18, 20, 22, 40]);
  });

  it("has no prediction where a season of factors is 0", () => {
    const spec = { alpha: 0.5, beta: 0.5, gamma: 0.5, seasonalPeriods: 4, seasonal: "multiplicative" } as const;
    expect(holtWintersPrediction(new Array<number>(20).fill(0), spec)).toBeUndefined();
  });
});

describe("the line through past proposals", () => {
  it("is that of least squares, whatever the instants", () => {
    // Times 0, 1, 2, 5: mean 2, squares 14; counts 10, 20, 15, 35: mean 20, products 65.
    const past = [10, 20, 15, 35].map((replicas, i) => ({ replicas, atMs: 1000 * [0, 1, 2, 5][i] }));
    // 20 + 65/14 · 8 = 57.1, and 20 − 65/14 · 2 = 10.7.
    expect([linearPrediction(past, 10_000), linearPrediction(past, 0)]).toEqual([58, 11]);
  });

  it("is level through several counts of one instant", () => {
    expect(
      linearPrediction(
        [2, 5].map((replicas) => ({ replicas, atMs: 3000 })),
        60_000,
      ),
    ).toBe(4);
  });
});
