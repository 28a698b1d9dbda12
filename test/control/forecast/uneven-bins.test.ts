import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { namedForecaster } from "../../../src/control/forecast/default-forecaster.js";
import { valueAt } from "../../../src/control/forecast/season.js";

const MINUTE = 60_000;
const DAY_MS = 86_400_000;

/** Requests per minute over `days` days: steep mornings, quiet weekends, and chance. */
function minutes(days: number): Float64Array {
  const random = new RandomStream("minutes");
  return Float64Array.from({ length: days * 1440 }, (_, t) => {
    const hour = (t % 1440) / 60;
    const weekend = Math.floor(t / 1440) % 7 > 4 ? 0.5 : 1;
    return random.poisson(weekend * (hour > 8 && hour < 20 ? 90 : 20) * (1 + 0.3 * Math.sin(hour)));
  });
}

/** The same requests in bins of `binMs`; what a bin shares with a minute is split evenly. */
function binned(perMinute: Float64Array, binMs: number): Float64Array {
  const before = new Float64Array(perMinute.length + 1);
  perMinute.forEach((count, t) => {
    before[t + 1] = before[t] + count;
  });
  return Float64Array.from(
    { length: Math.floor((perMinute.length * MINUTE) / binMs) },
    (_, i) => valueAt(before, ((i + 1) * binMs) / MINUTE) - valueAt(before, (i * binMs) / MINUTE),
  );
}

describe("the ensemble a day ahead, in bins that do not divide the day", () => {
  const perMinute = minutes(25);

  /** Mean absolute error a day ahead over four days, in shares of the mean bin. */
  function errorOf(binMs: number): number {
    const values = binned(perMinute, binMs);
    const day = Math.floor(DAY_MS / binMs);
    let error = 0;
    let sum = 0;
    for (let d = 20; d < 24; d++) {
      const origin = Math.floor((d * DAY_MS) / binMs);
      const forecaster = namedForecaster("ensemble")!;
      forecaster.fit({ startMs: 0, binMs, values: values.slice(0, origin) });
      const issued = forecaster.forecast(day, [0.5]).quantiles[0];
      for (let k = 0; k < day; k++) {
        error += Math.abs(issued[k] - values[origin + k]);
        sum += values[origin + k];
      }
    }
    return error / sum;
  }

  it("errs at most 10 % more than in bins of 10 minutes: 169 bins a day; 7 minutes (chance alone: 7 % more)", () => {
    const divisor = errorOf(10 * MINUTE);
    // Chance is √(10/8.52) = 1.08 and √(10/7) = 1.195 times as large in smaller bins. Without a
    // day's season the error was 4 to 6 times as large.
    expect(errorOf(Math.round(DAY_MS / 169)) / divisor).toBeLessThan(1.1 * Math.sqrt(10 / 8.52));
    expect(errorOf(7 * MINUTE) / divisor).toBeLessThan(1.1 * Math.sqrt(10 / 7));
  });
});
