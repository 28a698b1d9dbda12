import { BACKTEST_LEVELS } from "../../forecasting/backtest.js";
import type { TraceForecast } from "../../forecasting/trace-forecast.js";
import type { Chart } from "../chart.js";
import { INK, SERIES_COLOURS } from "../chart-theme.js";
import { formatDuration } from "../numbers.js";
import { fixedTicks } from "./fixed-ticks.js";

/**
 * Calibration of the champion's quantiles: the share of bins at or below each, per lead. On the
 * diagonal the observed share equals the nominal one.
 */
export function calibrationChart(result: TraceForecast): Chart {
  const { plan, series } = result;
  const model = result.models.find((one) => one.model === result.champion) ?? result.models[0];
  const names = plan.leads.map((lead) => formatDuration(lead * series.binMs));
  const values = model.scores.flatMap(({ coverage }, j) =>
    coverage.flatMap((share, k) =>
      Number.isFinite(share) ? [{ lead: names[j], level: BACKTEST_LEVELS[k], share: Number(share.toFixed(4)) }] : [],
    ),
  );
  const axis = { format: ".0%", ...fixedTicks([0, 0.25, 0.5, 0.75, 0.9, 1]) };
  return {
    name: "calibration",
    title: "Calibration",
    caption:
      `Share of bins at or below each quantile of ${result.champion}, ` +
      "by lead. Below the diagonal the forecast promised too much.",
    description: `Calibration of ${result.champion}: promised against observed shares.`,
    spec: {
      height: 260,
      layer: [
        {
          data: { values: [{ level: 0 }, { level: 1 }] },
          mark: { type: "line", color: INK.muted, strokeDash: [4, 4], strokeWidth: 1.2 },
          encoding: {
            x: { field: "level", type: "quantitative" },
            y: { field: "level", type: "quantitative" },
          },
        },
        {
          data: { values },
          mark: { type: "line", point: true },
          encoding: {
            x: {
              field: "level",
              type: "quantitative",
              scale: { domain: [0, 1] },
              axis: { ...axis, title: "promised share" },
            },
            y: {
              field: "share",
              type: "quantitative",
              scale: { domain: [0, 1] },
              axis: { ...axis, title: "observed share" },
            },
            color: {
              field: "lead",
              type: "nominal",
              sort: names,
              scale: { domain: names, range: names.map((_, i) => SERIES_COLOURS[i % SERIES_COLOURS.length]) },
            },
          },
        },
      ],
    },
  };
}
