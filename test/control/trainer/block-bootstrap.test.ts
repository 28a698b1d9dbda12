import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { costRatio } from "../../../src/control/trainer/block-bootstrap.js";

/** The upper end by its definition: 400 resamples of whole blocks, drawn around the end. */
function plainUpper(a: readonly number[], b: readonly number[], block: number, random: RandomStream): number {
  const n = a.length;
  const ratios = Array.from({ length: 400 }, () => {
    let [sumA, sumB] = [0, 0];
    for (let drawn = 0; drawn < Math.ceil(n / block); drawn++) {
      const from = random.integerBelow(n);
      for (let i = 0; i < block; i++) {
        sumA += a[(from + i) % n];
        sumB += b[(from + i) % n];
      }
    }
    return sumA / sumB;
  });
  return ratios.sort((x, y) => x - y)[389];
}

describe("the ratio of costs", () => {
  it.each([1, 5, 7, 30])("has the upper end of a plain circular bootstrap, in blocks of %d", (block) => {
    const costs = new RandomStream("costs");
    const [a, b] = [0, 1].map(() => Array.from({ length: 30 }, () => 1 + costs.exponential()));
    const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
    const { ratio, upper, bins } = costRatio(a, b, block, new RandomStream("draw"));
    expect(bins).toBe(30);
    expect(ratio).toBeCloseTo(sum(a) / sum(b), 12);
    expect(upper).toBeCloseTo(plainUpper(a, b, block, new RandomStream("draw")), 12);
  });

  it("takes a block longer than the series as the whole, and one below a bin as a bin", () => {
    const [a, b] = [
      [1, 2, 3],
      [4, 4, 1],
    ];
    expect(costRatio(a, b, 99, new RandomStream("long")).upper).toBeCloseTo(6 / 9, 12);
    const one = costRatio(a, b, 1, new RandomStream("short"));
    expect(costRatio(a, b, 0, new RandomStream("short"))).toEqual(one);
  });

  it("is unknown without a bin that both know, infinite against nothing, and 1 between nothings", () => {
    const random = new RandomStream("edge");
    expect(costRatio([], [], 5, random)).toEqual({ ratio: Number.NaN, upper: Number.POSITIVE_INFINITY, bins: 0 });
    expect(costRatio([1, Number.NaN], [Number.NaN, 1], 5, random).bins).toBe(0);
    const infinite = { ratio: Number.POSITIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
    expect(costRatio([1, 2], [0, 0], 1, random)).toMatchObject(infinite);
    expect(costRatio([0, 0], [0, 0], 1, random)).toMatchObject({ ratio: 1, upper: 1 });
  });
});
