import type { Chart } from "../chart.js";
import { BASELINE_COLOUR, INK, policyColour, policyDash, policyWidth } from "../chart-theme.js";
import { formatNumber } from "../numbers.js";
import { tooltipOf } from "./hover.js";

/** A value for each hour from the start of the run. */
interface HourlySide {
  readonly name: string;
  readonly values: readonly number[];
}

/** One quantity in each hour of a run, on up to two sides. */
export interface HourlyPaths {
  readonly name: string;
  readonly title: string;
  readonly caption?: string;
  /** The quantity, as the axis names it. */
  readonly what: string;
  /** The older or first side comes first: it is drawn wide and grey. */
  readonly sides: readonly HourlySide[];
  /** The hour (from 0) at which a line marks that the sides part. */
  readonly markedHour?: number;
}

/**
 * Steps by hour of the run. The second line is narrow and dashed, so that the first stays
 * visible.
 */
export function pathChart({ name, title, caption, what, sides, markedHour }: HourlyPaths): Chart {
  const names = sides.map((side) => side.name);
  const scale = <T>(of: (side: number) => T) => ({ domain: names, range: names.map((_name, i) => of(i)) });
  const x = { type: "quantitative", title: "hour of the run", axis: { tickMinStep: 1 } };
  const y = { field: "value", type: "quantitative", title: what };
  const color = { field: "side", type: "nominal", scale: scale((i) => (i === 0 ? BASELINE_COLOUR : policyColour(i))) };
  const strokeDash = { field: "side", type: "nominal", scale: scale((i) => policyDash(2 * i)) };
  const lines = sides.map((side, i) => ({
    data: { values: stepsOf(side) },
    mark: { type: "line", interpolate: "step-after", strokeWidth: policyWidth(i) },
    encoding: { x: { field: "hour", ...x }, y, color, strokeDash },
  }));
  const mark = {
    data: { values: [{ hour: markedHour, text: "first difference" }] },
    encoding: { x: { field: "hour", ...x } },
    layer: [
      { mark: { type: "rule", strokeDash: [3, 3], color: INK.muted } },
      {
        mark: { type: "text", align: "left", baseline: "top", dx: 4, dy: 2, fontSize: 10.5, color: INK.muted },
        encoding: { y: { value: 0 }, text: { field: "text", type: "nominal" } },
      },
    ],
  };
  return {
    name,
    title,
    ...(caption === undefined ? {} : { caption }),
    description: `${what} of ${names.join(" and of ")} in each hour of the run.`,
    spec: { height: 180, layer: [...lines, ...(markedHour === undefined ? [] : [mark]), hoverLayer(sides, x)] },
  };
}

/** The rows of a side; the last value is repeated at the end of its hour. */
function stepsOf({ name, values }: HourlySide): Record<string, unknown>[] {
  const rows = values.map((value, hour) => ({ side: name, hour, value }));
  return rows.length === 0 ? [] : [...rows, { ...rows[rows.length - 1], hour: rows.length }];
}

/** Invisible strips, an hour wide, with the values of all sides. */
function hoverLayer(sides: readonly HourlySide[], x: Record<string, unknown>): Record<string, unknown> {
  const hours = Math.max(0, ...sides.map(({ values }) => values.length));
  const rows = Array.from({ length: hours }, (_unused, hour) => ({
    hour,
    end: hour + 1,
    values: sides.map(({ values }) => (values[hour] === undefined ? "–" : formatNumber(values[hour]))),
  }));
  const tooltip = tooltipOf([
    { title: "hour", text: "datum.hour" },
    ...sides.map((side, i) => ({ title: side.name, text: `datum.values[${i}]` })),
  ]);
  return {
    data: { values: rows },
    mark: { type: "rect", opacity: 0, tooltip: { expr: tooltip } },
    encoding: { x: { field: "hour", ...x }, x2: { field: "end" } },
  };
}
