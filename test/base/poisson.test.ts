import { describe, expect, it } from "vitest";
import { poissonCapacity, poissonMass, poissonTail } from "../../src/base/poisson.js";
import { erlangB, erlangBServers } from "../../src/base/queueing.js";
import { RandomStream } from "../../src/base/random.js";

/** By the recursion p(k) = p(k−1)·m/k, summed from 0. */
function naiveTail(k: number, mean: number): number {
  let mass = Math.exp(-mean);
  let below = 0;
  for (let i = 0; i < k; i++) {
    below += mass;
    mass *= mean / (i + 1);
  }
  return 1 - below;
}

describe("the Poisson tail", () => {
  it("is the naive sum at small means", () => {
    for (const mean of [0, 0.3, 1, 7.5, 40, 300])
      for (const k of [0, 1, 2, 5, 8, 40, 60, 320]) expect(poissonTail(k, mean)).toBeCloseTo(naiveTail(k, mean), 12);
  });

  it("keeps its digits far out and at a million streams", () => {
    // Summed with 40 digits: 2.934034048e-7; 3.98942247e-4 is 1/√(2π·10⁶).
    expect(poissonTail(1_005_000, 1e6) / 2.934034048e-7).toBeCloseTo(1, 6);
    expect(poissonMass(1_000_000, 1e6)).toBeCloseTo(3.98942247e-4, 11);
    expect(poissonTail(3, 1e-4) / 1.66654154e-13).toBeCloseTo(1, 6);
  });

  it("gives the least capacity whose tail is within the target", () => {
    const random = new RandomStream("capacity");
    for (let i = 0; i < 300; i++) {
      const mean = Math.exp(14 * random.uniform() - 3);
      const target = Math.exp(-20 * random.uniform());
      const k = poissonCapacity(mean, target);
      expect(poissonTail(k, mean)).toBeLessThanOrEqual(target);
      if (k > 0) expect(poissonTail(k - 1, mean)).toBeGreaterThan(target);
    }
  });

  it("never lies below Erlang B, and costs 4.2, 3.1 and 1.7 % more slots at a target of 1 in 1,000", () => {
    const random = new RandomStream("loss systems");
    for (let i = 0; i < 1000; i++) {
      const load = Math.exp(7 * random.uniform());
      const servers = Math.round(load * (0.5 + random.uniform()));
      expect(poissonTail(servers, load)).toBeGreaterThanOrEqual(erlangB(servers, load) * (1 - 1e-9));
    }
    const excess = [50, 500, 5000].map((load) => poissonCapacity(load, 1e-3) / erlangBServers(load, 1e-3) - 1);
    expect(excess.map((one) => Number((100 * one).toFixed(1)))).toEqual([4.2, 3.1, 1.7]);
  });
});
