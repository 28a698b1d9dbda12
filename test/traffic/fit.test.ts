import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { decompose } from "../../src/traffic/analysis/decompose.js";
import { measureNoise } from "../../src/traffic/analysis/noise.js";
import { fitWorkload, totalOf } from "../../src/traffic/fit.js";
import { generateTrace } from "../../src/traffic/generate.js";
import { readTraceCsv } from "../../src/traffic/trace-csv.js";
import type { WorkloadModel } from "../../src/traffic/workload-model.js";
import type { TraceTable } from "../../src/world/scenario/resources.js";

const MONDAY_MS = Date.UTC(2026, 0, 5);
const day = Array.from({ length: 24 }, (_, hour) => 60 - 40 * Math.cos((2 * Math.PI * (hour - 4)) / 24));

const known: WorkloadModel = {
  kind: "workload",
  binSeconds: 300,
  seed: 5,
  series: [
    { region: "eu", meanPerSecond: 5, weekday: day, weekend: day.map((level) => level * 1.3) },
    { region: "us", meanPerSecond: 1, weekday: day.map((_, hour) => day[(hour + 6) % 24]), weekend: day },
  ],
  noise: { sigma: 0.08, correlation: 0.9, white: 0.1 },
  dayToDaySigma: 0.05,
  trendPerWeek: 0.03,
  flashCrowds: { perWeek: 3, height: 4, decayMinutes: 20 },
};

function generated(model: WorkloadModel, days: number, seed: number): TraceTable {
  return generateTrace(model, { startMs: MONDAY_MS, days, seed });
}

/**
 * Mean, deviation, dispersion about the season, and autocorrelation at three lags, of all series
 * together.
 */
function statistics(table: TraceTable): Record<string, number> {
  const total = totalOf(table);
  const values = total.values;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < values.length; i++) sum += (values[i] - mean) * (values[i - lag] - mean);
    return sum / (values.length - lag);
  };
  const noise = measureNoise(total, decompose(total));
  const hour = Math.round(3_600_000 / total.binMs);
  return {
    mean,
    deviation: Math.sqrt(covariance(0)),
    dispersion: noise.dispersion,
    nextBin: covariance(1) / covariance(0),
    nextHour: covariance(hour) / covariance(0),
    nextDay: covariance(24 * hour) / covariance(0),
  };
}

/**
 * Each statistic of the original lies within those of 20 traces from its model, widened by their
 * own range on both sides.
 */
function expectAlike(original: TraceTable, model: WorkloadModel): void {
  const days = (original.values[0].length * original.binMs) / 86_400_000;
  const startMs = original.startMs;
  const copies = Array.from({ length: 20 }, (_, seed) =>
    statistics(generateTrace(model, { startMs, days, seed: seed + 1 })),
  );
  for (const [name, value] of Object.entries(statistics(original))) {
    const found = copies.map((copy) => copy[name]);
    const [low, high] = [Math.min(...found), Math.max(...found)];
    const slack = high - low;
    expect(value, name).toBeGreaterThan(low - slack);
    expect(value, name).toBeLessThan(high + slack);
  }
}

describe("fitWorkload", () => {
  it("finds the parameters that a trace was made with", () => {
    const model = fitWorkload(generated(known, 56, 1), { seed: 9 });
    expect(model.seed).toBe(9);
    expect(model.series.map((series) => series.region)).toEqual(["eu", "us"]);
    // 56 days at a day-to-day deviation of 5 %: the level is known to 0.05/√56 ≈ 0.7 %, the trend
    // moves it by 3 % a week about its middle.
    expect(model.series[0].meanPerSecond / model.series[1].meanPerSecond).toBeCloseTo(5, 0);
    expect(model.noise.sigma).toBeGreaterThan(0.06);
    expect(model.noise.sigma).toBeLessThan(0.1);
    expect(model.noise.correlation).toBeGreaterThan(0.85);
    expect(model.noise.correlation).toBeLessThan(0.95);
    expect(model.noise.white).toBeGreaterThan(0.08);
    expect(model.noise.white).toBeLessThan(0.12);
    expect(model.trendPerWeek).toBeGreaterThan(0.01);
    expect(model.trendPerWeek).toBeLessThan(0.05);
    expect(model.dayToDaySigma).toBeGreaterThan(0.02);
    expect(model.dayToDaySigma).toBeLessThan(0.08);
    // 24 crowds are expected, Poisson: 99 % within 12 and 38.
    expect(model.flashCrowds.perWeek).toBeGreaterThan(12 / 8);
    expect(model.flashCrowds.perWeek).toBeLessThan(38 / 8);
    expect(model.flashCrowds.height).toBeGreaterThan(2.5);
    expect(model.flashCrowds.height).toBeLessThan(6);
  });

  it("finds the profile by hour and kind of day", () => {
    const quiet = {
      ...known,
      noise: { sigma: 0, correlation: 0 },
      dayToDaySigma: 0,
      trendPerWeek: 0,
      flashCrowds: { ...known.flashCrowds, perWeek: 0 },
    };
    const model = fitWorkload(generated(quiet, 28, 2), { seed: 1 });
    const scale = Math.max(...known.series[0].weekend) / Math.max(...model.series[0].weekend);
    for (let hour = 0; hour < 24; hour++) {
      // 20 weekdays of 12 bins at ≥ 450 requests each: an hour's mean is known to 0.3 %, its
      // sharpened centre to about 1 %.
      expect(model.series[0].weekday[hour] * scale).toBeGreaterThan(0.96 * day[hour]);
      expect(model.series[0].weekday[hour] * scale).toBeLessThan(1.04 * day[hour]);
    }
  });

  it("takes Poisson traffic for Poisson", () => {
    const poisson = {
      ...known,
      noise: { sigma: 0, correlation: 0 },
      dayToDaySigma: 0,
      trendPerWeek: 0,
      flashCrowds: { ...known.flashCrowds, perWeek: 0 },
    };
    const model = fitWorkload(generated(poisson, 28, 3), { seed: 1 });
    expect(model.noise.white).toBeLessThan(0.01);
    expect(model.noise.sigma).toBeLessThan(0.01);
    expect(model.flashCrowds.perWeek).toBe(0);
  });

  it("makes traces like the one that it was fitted to: moments, dispersion, autocorrelation", () => {
    const calm = { ...known, flashCrowds: { ...known.flashCrowds, perWeek: 0 } };
    const original = generated(calm, 28, 4);
    expectAlike(original, fitWorkload(original, { seed: 1 }));
  });

  const taxi = "../shared/traces/nyc_taxi_30min.csv";
  if (!existsSync(taxi)) console.warn("skipped: the fit of a real trace, since ../shared/traces is not there");
  it.skipIf(!existsSync(taxi))("makes traces like a real one", async () => {
    const original = await readTraceCsv(taxi);
    expectAlike(original, fitWorkload(original, { seed: 1 }));
  });

  it("holds no count of any bin", () => {
    const table = generated(known, 14, 6);
    const numbers = JSON.stringify(fitWorkload(table, { seed: 1 })).match(/[\d.]+/g) ?? [];
    expect(numbers.length).toBeLessThan(150);
  });

  it("refuses less than two days, and bins that do not divide an hour", () => {
    expect(() => fitWorkload(generated(known, 1, 1), { seed: 1 })).toThrow(InputError);
    expect(() => fitWorkload({ ...generated(known, 14, 1), binMs: 420_000 }, { seed: 1 })).toThrow(/divide an hour/);
  });
});
