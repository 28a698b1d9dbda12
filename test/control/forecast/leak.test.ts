import { describe, expect, it } from "vitest";
import { FORECASTER_NAMES, namedForecaster } from "../../../src/control/forecast/default-forecaster.js";
import { BENCH_LEVELS, type BenchSeries, forecastOrigin } from "../../../src/forecasting/bench.js";
import { DAY, dailyCounts, FIVE_MIN } from "./synthetic-traffic.js";

const ORIGIN = 16 * DAY + 17;

function bench(values: Float64Array): BenchSeries {
  return {
    name: "s",
    series: { startMs: 0, binMs: FIVE_MIN, values },
    horizon: DAY,
    trainCap: 28 * DAY,
    origins: [ORIGIN],
  };
}

describe.each(FORECASTER_NAMES)("%s", (name) => {
  it("forecasts an origin the same whether or not a spike follows it", () => {
    const calm = dailyCounts(18 * DAY);
    const spiked = Float64Array.from(calm, (value, t) => (t >= ORIGIN ? 1e6 + value : value));
    const [a, b] = [calm, spiked].map((values) => forecastOrigin(bench(values), ORIGIN, namedForecaster(name)!));
    expect(b).toEqual(a);
    expect(a.q).toHaveLength(BENCH_LEVELS.length);
  });

  it("forecasts an origin in the past the same when more history follows it, as its replay assumes", () => {
    // Each member alone, through a forecaster of one: neither updating bin by bin nor fitting at
    // once may use the future.
    const values = dailyCounts(12 * DAY);
    const stepped = namedForecaster(name)!;
    stepped.fit({ startMs: 0, binMs: FIVE_MIN, values: values.slice(0, 10 * DAY) });
    for (let t = 10 * DAY; t < 11 * DAY; t++) stepped.update(values[t]);
    const before = stepped.forecast(12).quantiles.map((row) => [...row]);
    const other = namedForecaster(name)!;
    other.fit({ startMs: 0, binMs: FIVE_MIN, values: values.slice(0, 10 * DAY) });
    for (let t = 10 * DAY; t < 11 * DAY; t++) other.update(values[t]);
    other.forecast(1);
    expect(other.forecast(12).quantiles.map((row) => [...row])).toEqual(before);
  });
});

describe("a training that ends at the origin", () => {
  it("is copied by a fit: what the caller writes into the array later changes nothing", () => {
    const values = dailyCounts(12 * DAY);
    const forecaster = namedForecaster("ensemble")!;
    forecaster.fit({ startMs: 0, binMs: FIVE_MIN, values: values.subarray(0, 10 * DAY) });
    values.fill(1e9);
    expect(Math.max(...forecaster.forecast(12).quantiles[7])).toBeLessThan(1000);
  });
});
