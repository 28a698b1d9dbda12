import { describe, expect, it } from "vitest";
import { type Distribution, distributionOf, exponentialLaw, lognormalByMean } from "../../src/base/distribution.js";
import { offeredLoad as convolve, survivalKernel } from "../../src/base/offered-load.js";
import { sinusoidResponseExponential } from "../../src/base/queueing.js";

const MINUTE_MS = 60_000;

function offeredLoad(arrivals: Float64Array, binMs: number, holding: Distribution): Float64Array {
  return convolve(arrivals, survivalKernel(arrivals.length, binMs, holding));
}

describe("the offered load of M_t/G/∞", () => {
  it("fills up to rate × holding time, for every law of the holding time", () => {
    const arrivals = new Float64Array(3000).fill(12);
    for (const law of [
      exponentialLaw(600_000),
      lognormalByMean(600_000, 1),
      { kind: "constant", value: 600_000 } as const,
    ]) {
      const load = offeredLoad(arrivals, MINUTE_MS, distributionOf(law));
      expect(load[2999]).toBeCloseTo(120, 2);
    }
  });

  it("begins empty and grows by the survival of what has come", () => {
    const load = offeredLoad(new Float64Array(30).fill(6), MINUTE_MS, distributionOf(exponentialLaw(600_000)));
    for (const minute of [1, 10, 30]) expect(load[minute - 1]).toBeCloseTo(60 * (1 - Math.exp(-minute / 10)), 3);
  });

  it("lags behind a sinusoid by the closed form", () => {
    const period = 1440;
    const rate = (t: number): number => 10 * (1 + 0.6 * Math.sin((2 * Math.PI * t) / period));
    const arrivals = Float64Array.from({ length: 3 * period }, (_, i) => rate(i + 0.5));
    const load = offeredLoad(arrivals, MINUTE_MS, distributionOf(exponentialLaw(3_600_000)));
    const { gain, lagMs } = sinusoidResponseExponential(period * MINUTE_MS, 3_600_000);
    const last = Array.from(load.subarray(2 * period));
    const peak = last.indexOf(Math.max(...last));
    expect(Math.max(...last)).toBeCloseTo(600 * (1 + 0.6 * gain), 0);
    expect(Math.abs(peak + 1 - (period / 4 + lagMs / MINUTE_MS))).toBeLessThanOrEqual(1);
  });
});
