import { describe, expect, it } from "vitest";
import { ArrivalForecast } from "../../../../src/control/policies/predictive/arrival-forecast.js";
import { FleetForecast } from "../../../../src/control/policies/predictive/fleet-forecast.js";
import type { Forecaster } from "../../../../src/ports/forecaster.js";

const BIN_MS = 300_000;
const POOL = { name: "p", region: "r", slots: 1, min: 0, max: 10 };

/** Forecasts 100 for the next bin, 200 for the one after it. Notes how many are asked for. */
function stairs(asked: number[]): Forecaster {
  return {
    name: "stairs",
    fit: () => {},
    update: () => {},
    forecast: (bins, levels = []) => {
      asked.push(bins);
      return { mean: Float64Array.from({ length: bins }, (_, i) => 100 * (i + 1)), levels, quantiles: [] };
    },
  };
}

function forecastOf(asked: number[]): ArrivalForecast {
  const fleet = new FleetForecast([POOL], () => stairs(asked), false);
  const forecast = new ArrivalForecast(0, fleet);
  const at = (_pool: number, bin: number): number => (bin === 0 ? 50 : Number.NaN);
  forecast.update({ binMs: BIN_MS, originMs: 0, epochMs: 0, length: 1, at });
  return forecast;
}

describe("the arrival forecast of a pool", () => {
  it("interpolates between the centres of the bins, from the last closed one to an hour ahead", () => {
    const forecast = forecastOf([]);
    const perBin = (bins: number): number => forecast.ratePerMs(bins * BIN_MS) * BIN_MS;
    expect([0.2, 0.5, 1, 1.5, 2.5, 7.75, 12.5, 40].map(perBin)).toEqual([50, 50, 75, 100, 200, 725, 1200, 1200]);
  });

  it("asks for two bins, and for more only when a decision reads them", () => {
    const asked: number[] = [];
    const forecast = forecastOf(asked);
    forecast.ratePerMs(2 * BIN_MS);
    expect(asked).toEqual([2]);
    forecast.ratePerMs(7 * BIN_MS);
    forecast.ratePerMs(6 * BIN_MS);
    forecast.ratePerMs(99 * BIN_MS);
    forecast.ratePerMs(99 * BIN_MS);
    expect(asked).toEqual([2, 7, 12]);
  });

  it("starts with the forecast of the first bin where the last one is unknown, or where there is none", () => {
    const unknown = { binMs: BIN_MS, originMs: -BIN_MS, epochMs: 0, length: 1, at: () => Number.NaN };
    for (const history of [unknown, { ...unknown, originMs: 0, length: 0 }]) {
      const forecast = new ArrivalForecast(0, new FleetForecast([POOL], () => stairs([]), false));
      forecast.update(history);
      // The last bin ended at t=0: its centre lies half a bin before.
      expect([-9, -0.5, 0, 0.5, 1.5].map((bins) => forecast.ratePerMs(bins * BIN_MS) * BIN_MS)).toEqual([
        ...[100, 100, 100, 100, 200],
      ]);
      expect(forecast.outlook?.fromMs).toBe(0);
    }
  });

  it("takes in a bin that was closed since, once, and counts 0 arrivals in it as known", () => {
    const asked: number[] = [];
    const forecast = forecastOf(asked);
    const later = { binMs: BIN_MS, originMs: 0, epochMs: 0, length: 3, at: () => 0 };
    forecast.ratePerMs(7 * BIN_MS);
    forecast.update(later);
    forecast.update(later);
    expect(asked).toEqual([2, 7, 2]);
    const perBin = (bins: number): number => forecast.ratePerMs(bins * BIN_MS) * BIN_MS;
    expect([2, 2.5, 3, 3.5, 4.5].map(perBin)).toEqual([0, 0, 50, 100, 200]);
    // Farther bins are forecast again when they are read.
    expect(perBin(6.5)).toBe(400);
    expect(asked).toEqual([2, 7, 2, 3, 5]);
  });

  it("shows people the next hour with its quantiles, from the end of the last closed bin", () => {
    const fleet = new FleetForecast([POOL], () => stairs([]), false);
    const forecast = new ArrivalForecast(0, fleet);
    expect(forecast.outlook).toBeUndefined();
    forecast.update({ binMs: BIN_MS, originMs: -2 * BIN_MS, epochMs: 0, length: 5, at: () => 50 });
    expect(forecast.outlook).toMatchObject({ fromMs: 3 * BIN_MS, binMs: BIN_MS });
    expect(forecast.outlook?.forecast).toEqual(fleet.forecast(0, 12));
    expect(forecast.outlook?.forecast.levels).toContain(0.9);
  });

  it("asks for no quantiles where only a rate is read", () => {
    const levels: (readonly number[] | undefined)[] = [];
    const noted: Forecaster = {
      ...stairs([]),
      forecast: (bins, asked) => {
        levels.push(asked);
        return { mean: new Float64Array(bins), levels: [], quantiles: [] };
      },
    };
    const forecast = new ArrivalForecast(0, new FleetForecast([POOL], () => noted, false));
    forecast.update({ binMs: BIN_MS, originMs: 0, epochMs: 0, length: 1, at: () => 50 });
    forecast.ratePerMs(9 * BIN_MS);
    expect(levels).toEqual([[], []]);
  });
});
