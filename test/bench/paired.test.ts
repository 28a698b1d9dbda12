import { describe, expect, it } from "vitest";
import { judge, signFlipChance } from "./paired.mjs";

const pairsOf = (ratios: readonly number[]) => ratios.map((ratio) => ({ ours: 100 * ratio, theirs: 100 }));

describe("the verdict on paired timings", () => {
  it("says slower when six of six pairs take longer", () => {
    const judged = judge(pairsOf([1.04, 1.05, 1.06, 1.03, 1.05, 1.07]));
    expect(judged.verdict).toBe("slower");
    expect(judged.ratio).toBeCloseTo(1.05, 10);
    expect(judged.chance).toBeCloseTo(2 / 64, 12);
  });

  it("says faster for a higher rate and slower for the same figures of time", () => {
    const pairs = pairsOf([1.1, 1.2, 1.1, 1.3, 1.2, 1.1]);
    expect(judge(pairs, true).verdict).toBe("faster");
    expect(judge(pairs).verdict).toBe("slower");
  });

  it("cannot tell when the pairs disagree, or when there are fewer than six", () => {
    expect(judge(pairsOf([1.1, 0.9, 1.05, 0.95, 1.02, 0.98])).verdict).toBe("cannot tell");
    expect(judge(pairsOf([1.5, 1.5, 1.5, 1.5, 1.5])).verdict).toBe("cannot tell");
  });

  it("gives the exact chance of a mean as large: 4 of 16 sign patterns", () => {
    // Sums of ±1 ±1 ±1 ±2 that reach |3|: ++++ (5), -+++ three times (3), and their mirrors, 8 of
    // 16.
    expect(signFlipChance([1, 1, -1, 2])).toBe(8 / 16);
  });
});
