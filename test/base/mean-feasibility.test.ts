import { describe, expect, it } from "vitest";
import { MeanFeasibility } from "../../src/base/mean-feasibility.js";
import { RandomStream } from "../../src/base/random.js";

const spec = { bound: 1, tolerance: 0.1, beta: 0.05, firstStage: 10 };

function judged(mean: number, seed: number): { readonly verdict: string; readonly values: number } {
  const random = new RandomStream(`mean/${mean}/${seed}`);
  const test = new MeanFeasibility(spec);
  let values = 0;
  for (; test.verdict === "open"; values++) test.add(mean + 0.3 * random.normal());
  return { verdict: test.verdict, values };
}

describe("whether a mean is within its bound", () => {
  it.each([
    [0.9, "feasible"],
    [1.1, "infeasible"],
  ])("is judged rightly in at least 95 % of trials at the tolerance: a mean of %d", (mean, right) => {
    const trials = 400;
    const wrong = Array.from({ length: trials }, (_, seed) => judged(mean, seed)).filter(
      ({ verdict }) => verdict !== right,
    );
    // 5 % and three standard errors of a share over 400 trials.
    expect(wrong.length / trials).toBeLessThan(0.05 + 0.033);
  });

  it("takes fewer values the further the mean is from the bound, and ends for any", () => {
    const mean = (of: number): number =>
      Array.from({ length: 50 }, (_, seed) => judged(of, seed).values).reduce((sum, one) => sum + one, 0) / 50;
    expect(mean(0.5)).toBeLessThan(mean(0.9));
    expect(mean(0.9)).toBeLessThanOrEqual(mean(1));
    // R is 0 after h²S²/ε² values: h² = 6.0 for β = 5 % and ten values of the first stage.
    expect(judged(1, 7).values).toBeLessThan(200);
  });

  it("is given after the first stage where nothing scatters", () => {
    const test = new MeanFeasibility(spec);
    for (let i = 0; i < 10; i++) test.add(1.5);
    expect(test.verdict).toBe("infeasible");
  });
});
