import type { TimeGrid } from "../bands.js";
import { INK } from "../chart-theme.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const STEPS_MS = [
  1000,
  5000,
  10_000,
  30_000,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  28 * DAY_MS,
];
const MOST_TICKS = 9;

/** The x encoding of every chart over time: field `t`, ms since 1970; two lines per tick, clock time (UTC) and time since the start. */
export function timeEncoding(grid: TimeGrid): Record<string, unknown> {
  const lengthMs = grid.endMs - grid.startMs;
  const stepMs =
    STEPS_MS.find((step) => lengthMs / step <= MOST_TICKS) ?? DAY_MS * Math.ceil(lengthMs / DAY_MS / MOST_TICKS);
  const values: number[] = [];
  for (let at = grid.startMs; at <= grid.endMs; at += stepMs) values.push(at);
  const clock =
    stepMs >= DAY_MS ? "%d %b" : stepMs < MINUTE_MS ? "%H:%M:%S" : lengthMs > 2 * DAY_MS ? "%d %b %H:%M" : "%H:%M";
  const [unitName, unitMs] =
    stepMs >= HOUR_MS ? ["h", HOUR_MS] : stepMs >= MINUTE_MS ? ["min", MINUTE_MS] : ["s", 1000];
  const since = `'+' + format((datum.value - ${grid.startMs}) / ${unitMs}, '~r') + ' ${unitName}'`;
  return {
    field: "t",
    type: "quantitative",
    // A linear scale with ticks of our own: Vega-Lite 6.4 reads the domain of a time scale in two ways where a layer has an x2.
    scale: { domain: [grid.startMs, grid.endMs], nice: false, zero: false },
    axis: {
      values,
      labelExpr: `[utcFormat(datum.value, '${clock}'), ${since}]`,
      labelLineHeight: 14,
      labelOverlap: "greedy",
      labelSeparation: 6,
      labelFlush: false,
      title: `Clock time (UTC, from ${startText(grid.startMs)}) and time since the start`,
    },
  };
}

/** For a layered chart with the x encoding above: shades the warm-up, which no metric counts; nothing when there is none. */
export function warmupLayers(grid: TimeGrid, warmupMs: number): Record<string, unknown>[] {
  if (!(warmupMs > 0)) return [];
  const span = [{ t: grid.startMs, to: grid.startMs + warmupMs }];
  return [
    {
      data: { values: span },
      mark: { type: "rect", color: INK.rule, opacity: 0.28, aria: false },
      encoding: { x2: { field: "to" } },
    },
    {
      name: "note",
      data: { values: span },
      mark: {
        type: "text",
        align: "left",
        baseline: "top",
        dx: 4,
        dy: 3,
        y: 0,
        fontSize: 10.5,
        color: INK.muted,
        text: "warm-up",
      },
    },
  ];
}

function startText(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 16).replace("T", " ");
}
