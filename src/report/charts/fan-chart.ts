import type { TraceForecast } from "../../forecasting/trace-forecast.js";
import type { TimeGrid } from "../bands.js";
import type { Chart } from "../chart.js";
import { FORECAST_COLOUR, INK } from "../chart-theme.js";
import { chartNumber } from "../numbers.js";
import { timeChartSpec } from "./time-axis.js";

/** Days of history shown before the fan. */
const PAST_DAYS = 3;
const DAY_MS = 86_400_000;
const MOST_ROWS = 1500;

/**
 * The last days of the trace and the champion's forecast of the next: median, and bands between
 * matching quantiles.
 */
export function fanChart(result: TraceForecast): Chart {
  const { series, outlook } = result;
  const n = series.values.length;
  const past = Math.min(n, Math.round((PAST_DAYS * DAY_MS) / series.binMs));
  const bins = outlook.mean.length;
  const step = Math.max(1, Math.ceil((past + bins) / MOST_ROWS));
  const at = (i: number): number => series.startMs + (i + 0.5) * series.binMs;
  const rows: Record<string, number | null>[] = [];
  for (let i = n - past; i < n; i += step) {
    const value = series.values[i];
    rows.push({ t: at(i), seen: Number.isNaN(value) ? null : chartNumber(value) });
  }
  for (let i = 0; i < bins; i += step) {
    const row: Record<string, number | null> = { t: at(n + i) };
    outlook.quantiles.forEach((quantile, k) => {
      row[`q${k}`] = chartNumber(quantile[i]);
    });
    rows.push(row);
  }
  const grid = { startMs: at(n - past - 0.5), endMs: at(n + bins - 0.5) } as TimeGrid;
  return {
    name: "fan",
    title: "Forecast fan",
    caption:
      `Requests a bin. Dark: what was seen. Blue: the median that ${result.champion} ` +
      "forecasts, in bands that hold 50, 80 and 90 % of what may come.",
    description: `The last ${PAST_DAYS} days of the trace and the forecast of ${result.champion} with its quantiles.`,
    spec: timeChartSpec({
      grid,
      warmupMs: 0,
      height: 300,
      data: { values: rows },
      layers: [...bandLayers(outlook.levels), ...lineLayers(outlook.levels)],
    }),
  };
}

function bandLayers(levels: readonly number[]): Record<string, unknown>[] {
  const half = Math.floor(levels.length / 2);
  return Array.from({ length: half }, (_, k) => ({
    transform: [{ filter: `isValid(datum.q${k})` }],
    mark: { type: "area", color: FORECAST_COLOUR, opacity: 0.18 },
    encoding: { y: { field: `q${k}`, type: "quantitative" }, y2: { field: `q${levels.length - 1 - k}` } },
  }));
}

function lineLayers(levels: readonly number[]): Record<string, unknown>[] {
  const median = `q${levels.indexOf(0.5)}`;
  const y = (field: string): Record<string, unknown> => ({
    field,
    type: "quantitative",
    scale: { zero: true },
    axis: { title: "requests a bin", format: ",~r" },
  });
  return [
    {
      transform: [{ filter: "isValid(datum.seen)" }],
      mark: { type: "line", color: INK.demand },
      encoding: { y: y("seen") },
    },
    {
      transform: [{ filter: `isValid(datum.${median})` }],
      mark: { type: "line", color: FORECAST_COLOUR, strokeWidth: 2 },
      encoding: { y: y(median) },
    },
  ];
}
