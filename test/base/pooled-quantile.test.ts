import { describe, expect, it } from "vitest";
import { LogHistogram } from "../../src/base/histogram.js";
import { type CensoredTimes, pooledTimes, quantileHalfWidth } from "../../src/base/pooled-quantile.js";

const REQUESTS = 6500;

/** A replication in which `waited` requests wait, 100 ms, 140 ms and so on. */
function replication(waited: number): CensoredTimes {
  const ended = new LogHistogram();
  ended.record(0, REQUESTS - waited);
  for (let i = 0; i < waited; i++) ended.record(100 + 40 * i);
  return { ended, censored: new LogHistogram() };
}

function halfWidthOfP99(...waited: readonly number[]): number | null {
  const parts = waited.map(replication);
  return quantileHalfWidth(parts, pooledTimes(parts).all, 0.99, 0.95);
}

describe("the interval of a percentile that is 0", () => {
  it("reaches above 0 where the replications leave open that more than 1 % wait", () => {
    // 0.77 % waited, all of them in one replication of three.
    expect(halfWidthOfP99(150, 0, 0)).toBeGreaterThan(1000);
    expect(halfWidthOfP99(150, 20, 10)).toBeGreaterThan(1000);
  });

  it("is 0 where they do not: nobody waited, one did, or the same share did everywhere", () => {
    expect([halfWidthOfP99(0, 0, 0), halfWidthOfP99(1, 0, 0), halfWidthOfP99(60, 60, 60)]).toEqual([0, 0, 0]);
  });
});
