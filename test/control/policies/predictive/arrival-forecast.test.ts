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
    forecast: (bins) => {
      asked.push(bins);
      return { mean: Float64Array.from({ length: bins }, (_, i) => 100 * (i + 1)), levels: [], quantiles: [] };
    },
  };
}

function forecastOf(asked: number[]): ArrivalForecast {
  const fleet = new FleetForecast([POOL], () => stairs(asked), false);
  const forecast = new ArrivalForecast(0, fleet);
  forecast.update({ binMs: BIN_MS, originMs: 0, epochMs: 0, length: 1, at: () => 50 });
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
});
