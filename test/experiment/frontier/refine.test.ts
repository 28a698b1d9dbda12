import { describe, expect, it } from "vitest";
import type { Setting } from "../../../src/experiment/frontier/matched.js";
import { valuesToTry } from "../../../src/experiment/frontier/refine.js";

function settings(points: readonly (readonly [value: number, cost: number, violation: number])[]): Setting[] {
  return points.map(([value, cost, violation]) => ({ value, cost: [cost], violation: [violation] }));
}

describe("the settings that are still worth a run", () => {
  it("lie half-way, by the knob's logarithm, across each gap that a match falls into", () => {
    const cliff = settings([
      [0.8, 3.45, 0.38],
      [0.5, 25.48, 0.0036],
      [0.3, 40, 0],
    ]);
    expect(valuesToTry(cliff, { violations: [0.01] })).toEqual([Number(Math.sqrt(0.4).toPrecision(4))]);
    expect(valuesToTry(cliff, { violations: [0.01, 0.001], cost: 30 })).toEqual([
      Number(Math.sqrt(0.4).toPrecision(4)),
      Number(Math.sqrt(0.15).toPrecision(4)),
    ]);
  });

  it("go straight where the knob may be 0", () => {
    const idle = settings([
      [0, 3, 0.38],
      [1, 25, 0.003],
    ]);
    expect(valuesToTry(idle, { violations: [0.01] })).toEqual([0.5]);
  });

  it("are none where the settings lie close, where the grid ends, or where half-way was tried", () => {
    const close = settings([
      [0.8, 100, 0.02],
      [0.7, 108, 0.003],
    ]);
    expect(valuesToTry(close, { violations: [0.01, 0.001, 0.5], cost: 104 })).toEqual([]);
    const tried = settings([
      [4, 10, 0.5],
      [2, 9, 0.6],
      [1, 5, 0.9],
      [16, 20, 0],
      [8, 21, 0],
    ]);
    expect(valuesToTry(tried, { violations: [0.01] })).toEqual([]);
    // Fractions of a count: half-way between 1 and 1.1 times 10 streamlets are 11 again.
    const counts = settings([
      [1, 10, 0.03],
      [1.1, 11, 0],
    ]);
    const isSame = (a: number, b: number): boolean => Math.ceil(10 * a) === Math.ceil(10 * b);
    expect(valuesToTry(counts, { violations: [0.01] }, isSame)).toEqual([]);
    expect(valuesToTry(counts, { violations: [0.01] })).toEqual([1.049]);
    expect(valuesToTry(settings([[Number.NaN, 1, 0.5]]), { violations: [0.01] })).toEqual([]);
  });
});
