import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namedForecaster } from "../../../src/control/forecast/default-forecaster.js";
import type { Forecast } from "../../../src/ports/forecaster.js";

const HOUR = 3_600_000;

function sound({ mean, quantiles }: Forecast): boolean {
  for (let i = 0; i < mean.length; i++) {
    if (!(mean[i] >= 0 && Number.isFinite(mean[i]))) return false;
    for (let k = 0; k < quantiles.length; k++) {
      const value = quantiles[k][i];
      if (!(value >= 0 && Number.isFinite(value)) || (k > 0 && value < quantiles[k - 1][i])) return false;
    }
  }
  return true;
}

/** Pieces of odd histories: silence, constants, gaps, spikes, noise of any size. */
const piece = fc.oneof(
  fc
    .record({ length: fc.integer({ min: 1, max: 200 }), value: fc.constantFrom(0, 1, 7, Number.NaN, -1, 1e9, 1e300) })
    .map(({ length, value }) => Array.from({ length }, () => value)),
  fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60, size: "max" }),
  fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 200, size: "max" }),
);

describe("the ensemble on any series", () => {
  it("forecasts finite counts, never negative, with quantiles in order, after a fit and after every update", () => {
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 0, maxLength: 5 }),
        piece,
        fc.constantFrom(HOUR, HOUR / 12, 7 * 60_000, 24 * HOUR, 12 * HOUR),
        (pieces, later, binMs) => {
          const forecaster = namedForecaster("ensemble")!;
          forecaster.fit({ startMs: 1_700_000_000_000, binMs, values: Float64Array.from(pieces.flat()) });
          if (!sound(forecaster.forecast(30))) return false;
          return later.slice(0, 30).every((bin) => {
            forecaster.update(bin);
            return sound(forecaster.forecast(13, [0.01, 0.5, 0.9, 0.999]));
          });
        },
      ),
      { numRuns: 60, seed: 11 },
    );
  });

  it("keeps its forecasts within the scale of the series: a count of 10⁹ gives no forecast of 10¹²", () => {
    const values = Float64Array.from({ length: 24 * 20 }, (_, i) => 1e9 * (1 + (i % 24) / 24));
    const forecaster = namedForecaster("ensemble")!;
    forecaster.fit({ startMs: 0, binMs: HOUR, values });
    const { quantiles } = forecaster.forecast(24);
    expect(Math.max(...quantiles[quantiles.length - 1])).toBeLessThan(1e10);
    expect(Math.min(...quantiles[0])).toBeGreaterThan(1e8);
  });
});

describe("what was learnt elsewhere", () => {
  it("gives after a restore, to the last bit, the forecasts of the forecaster that learnt it", () => {
    const values = Float64Array.from({ length: 24 * 20 }, (_, i) => 100 + 50 * Math.sin(i / 4) + (i % 7));
    const series = { startMs: 0, binMs: HOUR, values };
    const teacher = namedForecaster("ensemble")!;
    teacher.fit(series);
    const pupil = namedForecaster("ensemble")!;
    pupil.restore(series, teacher.state());
    for (let i = 0; i < 50; i++) {
      teacher.update(100 + i);
      pupil.update(100 + i);
    }
    expect(pupil.forecast(24)).toEqual(teacher.forecast(24));
  });
});
