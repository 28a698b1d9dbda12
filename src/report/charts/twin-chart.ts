import type { TwinRow } from "../../live/twin/twin.js";
import type { Chart } from "../chart.js";
import { BASELINE_COLOUR, FORECAST_COLOUR, INK } from "../chart-theme.js";
import { chartNumber } from "../numbers.js";
import { legendColumns, tooltipOf } from "./hover.js";

const ROW_PX = 26;
const KINDS = ["simulated against live", "a second live run against the first"] as const;
/** A metric agrees within this, for any difference of the two live runs. */
const ALLOWED_PERCENT = 10;

/**
 * Each metric's error and the difference of two live runs; undefined without an error.
 */
export function twinChart(rows: readonly TwinRow[]): Chart | undefined {
  const values = rows.flatMap(({ metric, error, repeatError }) =>
    [error, repeatError].flatMap((share, kind) =>
      share === null ? [] : [{ metric, kind: KINDS[kind], error: chartNumber(100 * share) }],
    ),
  );
  if (values.length === 0) return undefined;
  const scale = { domain: KINDS, range: [FORECAST_COLOUR, BASELINE_COLOUR] };
  const x = {
    type: "quantitative",
    axis: { title: "error (%)", grid: true, labelExpr: "datum.value === 0 ? '0' : format(datum.value, '+~r')" },
  };
  const y = {
    field: "metric",
    type: "nominal",
    sort: rows.map(({ metric }) => metric),
    axis: { title: null, domain: false, ticks: false, labelLimit: 200, labelColor: INK.text },
  };
  const tooltip = tooltipOf([
    { title: "metric", text: "datum.metric" },
    { title: "error", text: "format(datum.error, '+.3~r') + ' %'" },
    { title: "of", text: "datum.kind" },
  ]);
  const legend = { columns: legendColumns(KINDS) };
  return {
    name: "errors",
    title: "Errors",
    caption:
      `The shaded band is ±${ALLOWED_PERCENT} %. Where two live runs ` +
      "differ more than that, the simulator cannot be held to it.",
    description:
      "Relative errors by metric: " +
      `${values.map(({ metric, kind, error }) => `${metric} ${error} % (${kind})`).join(", ")}.`,
    spec: {
      height: ROW_PX * new Set(values.map(({ metric }) => metric)).size,
      data: { values },
      layer: [
        {
          data: { values: [{ from: -ALLOWED_PERCENT, to: ALLOWED_PERCENT }] },
          mark: { type: "rect", color: INK.rule, opacity: 0.28 },
          encoding: { x: { field: "from", ...x }, x2: { field: "to" } },
        },
        {
          mark: { type: "point", filled: true, size: 80, opacity: 1, tooltip: { expr: tooltip } },
          encoding: {
            x: { field: "error", ...x },
            y,
            color: { field: "kind", type: "nominal", scale, legend },
            shape: { field: "kind", type: "nominal", scale: { domain: KINDS, range: ["circle", "diamond"] }, legend },
          },
        },
      ],
    },
  };
}
