import { describe, expect, it } from "vitest";
import { KimNelson, kimNelsonConstant } from "../../src/base/kim-nelson.js";
import { RandomStream } from "../../src/base/random.js";

describe("KN selection of the cheapest", () => {
  it("has the constant of the published procedure", () => {
    // k = 20, n₀ = 10, α = 0.025: h² = 24.7 (reference/planning.md).
    expect(kimNelsonConstant({ systems: 20, alpha: 0.025, firstStage: 10 })).toBeCloseTo(24.7, 1);
  });

  it("keeps the best of systems that differ by δ at least as often as it promises", () => {
    const trials = 300;
    let right = 0;
    for (let trial = 0; trial < trials; trial++) {
      const random = new RandomStream(`race ${trial}`);
      const race = new KimNelson({ systems: 5, delta: 1, alpha: 0.05, firstStage: 10 });
      // The slippage configuration: the best is better by exactly δ than all others.
      for (let n = 0; n < 2000 && race.survivors.length > 1; n++)
        race.add(Array.from({ length: 5 }, (_, i) => (i === 2 ? 0 : 1) + 2 * random.normal()));
      if (race.leader === 2 && race.survivors.length === 1) right++;
    }
    expect(right / trials).toBeGreaterThanOrEqual(0.95);
  });

  it("compares exact costs at once, and leaves ties", () => {
    const race = new KimNelson({ systems: 3, delta: 1, alpha: 0.05, firstStage: 2 });
    race.add([5, 4, 4]);
    race.add([5, 4, 4]);
    expect(race.survivors).toEqual([1, 2]);
    expect(race.leader).toBe(1);
  });
});
