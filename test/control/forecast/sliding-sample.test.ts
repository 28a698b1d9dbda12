import { afterEach, describe, expect, it, vi } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { SlidingSample } from "../../../src/control/forecast/sliding-sample.js";

/** The quantile of type 6 (Hyndman and Fan 1996): position p·(n + 1), counted from 1. */
function quantileOfType6(values: readonly number[], level: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = level * (sorted.length + 1);
  if (position <= 1) return sorted[0];
  if (position >= sorted.length) return sorted[sorted.length - 1];
  const below = Math.floor(position);
  return sorted[below - 1] + (position - below) * (sorted[below] - sorted[below - 1]);
}

function expectSame(sample: SlidingSample, kept: readonly number[]): void {
  expect(sample.size).toBe(kept.length);
  expect([...sample.inOrder()]).toEqual(kept);
  expect(sample.mean).toBeCloseTo(kept.reduce((sum, value) => sum + value, 0) / kept.length, 9);
  const sorted = [...kept].sort((a, b) => a - b);
  sorted.forEach((value, below) => {
    expect(sample.ranked(below)).toBe(value);
  });
  for (const level of [0, 0.01, 0.1, 0.3, 0.5, 0.77, 0.9, 0.99, 1])
    expect(sample.quantile(level)).toBeCloseTo(quantileOfType6(kept, level), 9);
}

describe("a sample of the last numbers", () => {
  it("has the mean, ranks, order and quantiles of the last seven numbers, as computed from all of them", () => {
    const random = new RandomStream("sliding sample");
    const sample = new SlidingSample(7);
    const all: number[] = [];
    for (let i = 0; i < 60; i++) {
      // Small whole numbers, so that equal ones occur.
      const value = Math.floor(9 * random.uniform()) - 3;
      sample.add(value);
      all.push(value);
      expectSame(sample, all.slice(-7));
    }
  });

  it("has quantiles at hand-computed positions: of 10, 20, 40 the median is 20 and the third quartile 40", () => {
    const sample = new SlidingSample(5);
    for (const value of [40, 10, 20]) sample.add(value);
    // Position 0.5 × 4 = 2, 0.75 × 4 = 3, 0.625 × 4 = 2.5, counted from 1.
    expect([0.5, 0.75, 0.625].map((level) => sample.quantile(level))).toEqual([20, 40, 30]);
  });

  it("gives 0 while it is empty, and begins anew when it is cleared", () => {
    const sample = new SlidingSample(3);
    expect([sample.mean, sample.quantile(0.9), sample.inOrder().length]).toEqual([0, 0, 0]);
    for (const value of [5, 6, 7, 8]) sample.add(value);
    sample.clear();
    expect([sample.size, sample.mean, sample.quantile(0.9), sample.inOrder().length]).toEqual([0, 0, 0, 0]);
    for (const value of [4, 2, 3, 1]) sample.add(value);
    expectSame(sample, [2, 3, 1]);
  });

  it.each([1, 5, 40, 200])("has the same order statistics when they are read after every %d additions", (every) => {
    const sample = new SlidingSample(50);
    const all: number[] = [];
    let read = 0;
    for (let i = 0; i < 600; i++) {
      // Each number comes up about six times, so that equal ones are dropped in turn.
      const value = (i * 7919) % 101;
      sample.add(value);
      all.push(value);
      if (i % every !== every - 1) continue;
      read++;
      const last = all.slice(-50).sort((a, b) => a - b);
      expect(last.map((_, below) => sample.ranked(below))).toEqual(last);
    }
    expect(read).toBe(600 / every);
  });

  describe("and its cost", () => {
    afterEach(() => void vi.restoreAllMocks());

    /** Adds 0, 1, 2, … to a sample of ten numbers, and counts the sorts and moves. */
    function countedSample(): { sample: SlidingSample; add(count: number): void; sorts(): number; moves(): number } {
      const sort = vi.spyOn(Float64Array.prototype, "sort");
      const move = vi.spyOn(Float64Array.prototype, "copyWithin");
      const sample = new SlidingSample(10);
      let next = 0;
      const add = (count: number): void => {
        for (let i = 0; i < count; i++) sample.add(next++);
      };
      add(10);
      return { sample, add, sorts: () => sort.mock.calls.length, moves: () => move.mock.calls.length };
    }

    it("moves and sorts no number while no quantile is read", () => {
      const { add, sorts, moves } = countedSample();
      add(100);
      expect([sorts(), moves()]).toEqual([0, 0]);
    });

    it("sorts once, then puts each of up to twelve numbers between quantiles at its place by two moves", () => {
      const { sample, add, sorts, moves } = countedSample();
      for (let read = 0; read < 4; read++) {
        sample.quantile(0.5);
        add(12);
      }
      expect([sample.ranked(0), sorts(), moves()]).toEqual([48, 1, 4 * 12 * 2]);
    });

    it("leaves the thirteenth number and later ones to the next quantile, which sorts them all", () => {
      const { sample, add, sorts, moves } = countedSample();
      sample.quantile(0.5);
      add(40);
      expect([sorts(), moves()]).toEqual([1, 12 * 2]);
      expect([sample.ranked(0), sample.ranked(9), sorts(), moves()]).toEqual([40, 49, 2, 12 * 2]);
    });
  });
});
