import { describe, expect, it } from "vitest";
import { earliestOfFour } from "../../src/kernel/siblings.js";

/** Every list of four times, each of them 0 to 3, after one time that does not count. */
const rows = Array.from({ length: 256 }, (_, n) => Float64Array.of(-1, n & 3, (n >> 2) & 3, (n >> 4) & 3, n >> 6));

describe("the earliest of four siblings", () => {
  it("is found among any four different times", () => {
    const different = rows.filter((times) => new Set(times).size === 5);
    expect(different).toHaveLength(24);
    for (const times of different) expect(earliestOfFour(times, 1)).toBe(times.indexOf(0));
  });

  it("is left to the order of pushing if it shares its time with another", () => {
    const tied = rows.filter(
      (times) => times.subarray(1).filter((t) => t === Math.min(...times.subarray(1))).length > 1,
    );
    expect(tied.length).toBeGreaterThan(0);
    for (const times of tied) expect(earliestOfFour(times, 1)).toBeLessThan(0);
  });

  it("is the earliest or left open, whatever the other times share", () => {
    for (const times of rows) {
      const found = earliestOfFour(times, 1);
      if (found >= 0) expect(times[found]).toBe(Math.min(...times.subarray(1)));
    }
  });
});
