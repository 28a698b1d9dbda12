import { describe, expect, it } from "vitest";
import { WarmPool } from "../../src/control/warm-pool.js";

describe("the warm pool", () => {
  it("has its size in each pool until one is resized", () => {
    const warm = new WarmPool(3);
    warm.resize(1, 0);
    expect([0, 1, 2].map((pool) => warm.sizeOf(pool))).toEqual([3, 0, 3]);
  });

  it("counts the launches that are neither parked nor under way; a surplus is negative", () => {
    const warm = new WarmPool(3);
    warm.add(10, 0);
    expect([0, 1].map((pool) => warm.missing(pool, 1))).toEqual([1, 2]);
    expect(warm.missing(0, 5)).toBe(-3);
  });

  it("lists the launches of one pool only, the oldest first, until they are removed", () => {
    const warm = new WarmPool(3);
    for (const [id, pool] of [
      [10, 0],
      [11, 1],
      [9, 0],
    ])
      warm.add(id, pool);
    expect([0, 1, 2].map((pool) => warm.underWay(pool))).toEqual([[10, 9], [11], []]);
    expect(warm.remove(10)).toBe(true);
    expect(warm.underWay(0)).toEqual([9]);
    expect(warm.missing(0, 0)).toBe(2);
  });

  it("removes nothing that was not to be parked, and nothing twice", () => {
    const warm = new WarmPool(1);
    warm.add(4, 0);
    expect([4, 4, 5].map((id) => warm.remove(id))).toEqual([true, false, false]);
    expect(warm.missing(0, 0)).toBe(1);
  });
});
