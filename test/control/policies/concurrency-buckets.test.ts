import { describe, expect, it } from "vitest";
import { ConcurrencyBuckets } from "../../../src/control/policies/concurrency-buckets.js";

/** Buckets of a window of 3 s after scrapes at [ms, ∫ concurrency dt in ms]. */
function bucketsAfter(...scrapes: readonly (readonly [atMs: number, integralMs: number])[]): ConcurrencyBuckets {
  const buckets = new ConcurrencyBuckets(3000);
  for (const [atMs, integral] of scrapes) buckets.record(atMs, integral);
  return buckets;
}

describe("the mean concurrency of a window", () => {
  it("is unknown before the first scrape, whatever that has", () => {
    expect(bucketsAfter().average(3000)).toBeUndefined();
    const unscraped = bucketsAfter([Number.NEGATIVE_INFINITY, 0]);
    expect(unscraped.average(3000)).toBeUndefined();
    unscraped.record(2000, 8000);
    expect(unscraped.average(3000)).toBe(4);
  });

  it("has the mean of each scrape for the time since the one before", () => {
    // Four for two seconds, then ten for one.
    const buckets = bucketsAfter([2000, 8000], [3000, 18_000]);
    expect([1000, 2000, 3000].map((windowMs) => buckets.average(windowMs))).toEqual([10, 7, 6]);
  });

  it("joins the parts of one second from two scrapes", () => {
    // Four for half a second, then none: two in this second.
    expect(bucketsAfter([500, 2000], [1000, 2000]).average(1000)).toBe(2);
    // Four from 2 s to 2.5 s, then none: the second that began at 3 s has none.
    expect(bucketsAfter([2000, 0], [2500, 2000], [3500, 2000]).average(1000)).toBe(0);
  });

  it("covers the known part of a window that is not full", () => {
    expect(bucketsAfter([1500, 4500]).average(3000)).toBe(3);
    expect(bucketsAfter([1500, 4500]).average(1000)).toBe(3);
  });

  it("takes a scrape once, and none that is older than the last", () => {
    expect(bucketsAfter([2000, 8000], [2000, 9000], [3000, 8000]).average(1000)).toBe(0);
    expect(bucketsAfter([2000, 8000], [1000, 0], [3000, 8000]).average(1000)).toBe(0);
  });

  it("forgets what a gap left behind", () => {
    // 90 for three seconds, then nothing for ten and a half.
    const buckets = bucketsAfter([3000, 270_000], [13_500, 270_000]);
    expect([1000, 3000].map((windowMs) => buckets.average(windowMs))).toEqual([0, 0]);
    buckets.record(14_000, 272_000);
    // Half a second of 4 in the last of three.
    expect([1000, 3000].map((windowMs) => buckets.average(windowMs))).toEqual([2, 2 / 3]);
  });
});
