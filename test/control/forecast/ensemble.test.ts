import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { FORECASTER_NAMES, namedForecaster } from "../../../src/control/forecast/default-forecaster.js";

const FIVE_MIN = 300_000;
const DAY = 288;

/** A day's sine with Poisson noise, mean 50. */
function dailyCounts(bins: number, seed = "daily"): Float64Array {
  const random = new RandomStream(seed);
  return Float64Array.from({ length: bins }, (_, i) => random.poisson(50 + 40 * Math.sin((2 * Math.PI * i) / DAY)));
}

describe.each(FORECASTER_NAMES)("%s", (name) => {
  it("forecasts finite counts, never negative, with quantiles that never cross", () => {
    const forecaster = namedForecaster(name)!;
    forecaster.fit({ startMs: 0, binMs: FIVE_MIN, values: dailyCounts(8 * DAY) });
    const { mean, quantiles } = forecaster.forecast(2 * DAY);
    for (let i = 0; i < mean.length; i++) {
      const column = quantiles.map((row) => row[i]);
      expect(column.every((v) => Number.isFinite(v) && v >= 0)).toBe(true);
      expect(column.every((v, k) => k === 0 || v >= column[k - 1])).toBe(true);
      expect(Number.isFinite(mean[i]) && mean[i] >= 0).toBe(true);
    }
  });

  it("degrades with little history and unknown bins instead of throwing", () => {
    for (const values of [
      [],
      [7],
      [0, 0, 0],
      [Number.NaN],
      [3, Number.NaN, Number.NaN, -1, Number.POSITIVE_INFINITY],
    ]) {
      const forecaster = namedForecaster(name)!;
      forecaster.fit({ startMs: 0, binMs: FIVE_MIN, values: Float64Array.from(values) });
      forecaster.update(5);
      forecaster.update(Number.NaN);
      const { quantiles } = forecaster.forecast(12);
      expect(quantiles.flatMap((row) => [...row]).every((v) => Number.isFinite(v) && v >= 0)).toBe(true);
    }
  });

  it("repeats itself to the last bit", () => {
    const run = (): unknown => {
      const forecaster = namedForecaster(name)!;
      forecaster.fit({ startMs: 0, binMs: FIVE_MIN, values: dailyCounts(4 * DAY) });
      for (const value of dailyCounts(20, "later")) forecaster.update(value);
      return forecaster.forecast(12);
    };
    expect(run()).toEqual(run());
  });
});

describe("the ensemble", () => {
  it("covers nine bins of ten with its 0.9 quantile on a series like its past", () => {
    const values = dailyCounts(24 * DAY);
    const forecaster = namedForecaster("ensemble")!;
    forecaster.fit({ startMs: 0, binMs: FIVE_MIN, values: values.subarray(0, 21 * DAY) });
    let below = 0;
    const bins = 3 * DAY;
    for (let i = 0; i < bins; i++) {
      if (values[21 * DAY + i] <= forecaster.forecast(1, [0.9]).quantiles[0][0]) below++;
      forecaster.update(values[21 * DAY + i]);
    }
    // 864 nearly independent bins: the share's standard error is 0.0102, four of them leave one
    // false alarm in 16,000.
    expect(Math.abs(below / bins - 0.9)).toBeLessThan(0.041);
  });

  it("takes up the daily rhythm while it runs from an empty start", () => {
    const values = dailyCounts(6 * DAY);
    const forecaster = namedForecaster("ensemble")!;
    forecaster.fit({ startMs: 0, binMs: FIVE_MIN, values: new Float64Array(0) });
    let error = 0;
    let naive = 0;
    for (let i = 0; i < values.length - 36; i++) {
      forecaster.update(values[i]);
      if (i < 5 * DAY) continue;
      const point = forecaster.forecast(36, [0.5]).quantiles[0][35];
      error += Math.abs(values[i + 36] - point);
      naive += Math.abs(values[i + 36] - values[i]);
    }
    expect(error).toBeLessThan(0.6 * naive);
  });

  it("gives the same means with quantiles and without, which a policy that reads no quantile leaves out", () => {
    const forecaster = namedForecaster("ensemble")!;
    forecaster.fit({ startMs: 0, binMs: FIVE_MIN, values: dailyCounts(9 * DAY) });
    const bare = forecaster.forecast(12, []);
    expect(bare).toEqual({ mean: forecaster.forecast(12).mean, levels: [], quantiles: [] });
  });
});

describe("a forecaster that is asked for the next hour only", () => {
  it.each(["ensemble", "ridge-week-log", "profile-ar-day"])(
    "%s gives the same bits as one that is asked for any lead",
    (name) => {
      const [hour, day] = [namedForecaster(name, 12)!, namedForecaster(name)!];
      for (const each of [hour, day]) each.fit({ startMs: 0, binMs: FIVE_MIN, values: dailyCounts(11 * DAY) });
      expect(hour.forecast(12)).toEqual(day.forecast(12));
      for (const value of dailyCounts(30, "later")) for (const each of [hour, day]) each.update(value);
      expect(hour.forecast(12)).toEqual(day.forecast(12));
    },
  );

  it("refuses a lead that it did not learn for", () => {
    const forecaster = namedForecaster("ensemble", 12)!;
    forecaster.fit({ startMs: 0, binMs: FIVE_MIN, values: dailyCounts(2) });
    expect(() => forecaster.forecast(19)).toThrow("not learnt");
  });
});

describe("the combination on two weeks of history", () => {
  it("is as good a day ahead as the weekly naive one where weekends differ, in median and provisioned quantile", () => {
    const HALF_HOUR = 1_800_000;
    const day = 48;
    const random = new RandomStream("weekends");
    const values = Float64Array.from({ length: 24 * day }, (_, t) => {
      const weekend = Math.floor(t / day) % 7 > 4 ? 0.45 : 1;
      return random.poisson(300 * weekend * (1 + 0.6 * Math.sin((2 * Math.PI * t) / day)));
    });
    const losses = ["ensemble", "seasonal-naive-week"].map((name) => {
      const loss = { absolute: 0, pinball: 0 };
      for (let origin = 16 * day; origin < 23 * day; origin += day / 2) {
        const forecaster = namedForecaster(name)!;
        forecaster.fit({ startMs: 0, binMs: HALF_HOUR, values: values.slice(origin - 14 * day, origin) });
        const [median, ninety] = forecaster.forecast(day, [0.5, 0.9]).quantiles;
        for (let i = 0; i < day; i++) {
          loss.absolute += Math.abs(values[origin + i] - median[i]);
          const short = values[origin + i] - ninety[i];
          loss.pinball += short > 0 ? 0.9 * short : -0.1 * short;
        }
      }
      return loss;
    });
    // Only last week can be learnt from here: the combination may lose a little by learning it.
    // Without a weekend in its replay it lost 12 % of the one and 23 % of the other (three seeds:
    // 1.11 to 1.14, 1.18 to 1.27); now 1.005 to 1.012, 1.018 to 1.072.

    expect(losses[0].absolute / losses[1].absolute).toBeLessThan(1.06);
    expect(losses[0].pinball / losses[1].pinball).toBeLessThan(1.14);
  });
});
