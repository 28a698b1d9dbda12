import type { TimeGrid } from "../bands.js";
import { MOST_TICKS, timeTicks } from "../browser/time-ticks.js";
import { INK } from "../chart-theme.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

type Spec = Readonly<Record<string, unknown>>;

/** What a chart over time consists of, besides its time axis. */
export interface TimeChart {
  readonly grid: TimeGrid;
  /** The axis begins at the end of the warm-up, which the page can show. 0 without one. */
  readonly warmupMs: number;
  readonly height: number;
  /** Drawn over the shaded warm-up. */
  readonly layers: readonly Spec[];
  readonly params?: readonly Spec[];
  readonly data?: Spec;
}

/**
 * The specification of a chart over time: field `t`, ms since 1970. Its range (`tFrom`, `tTo`),
 * its ticks and its zone are parameters, so that the page changes all charts together.
 */
export function timeChartSpec(chart: TimeChart): Record<string, unknown> {
  const { grid, warmupMs, height, layers, params = [], data } = chart;
  return {
    height,
    params: [...timeParams(grid, warmupMs), ...params],
    ...(data === undefined ? {} : { data }),
    encoding: { x: timeEncoding(grid) },
    layer: [...warmupLayers(grid, warmupMs), ...layers.map(clipped)],
  };
}

/**
 * The start of the measured window, ms since 1970; that of the run if the warm-up covers all of
 * it.
 */
function measuredFromMs(grid: TimeGrid, warmupMs: number): number {
  const from = grid.startMs + warmupMs;
  return from < grid.endMs ? from : grid.startMs;
}

function timeParams(grid: TimeGrid, warmupMs: number): Spec[] {
  const from = measuredFromMs(grid, warmupMs);
  const ticks = timeTicks(from, grid.endMs, grid.startMs);
  return [
    { name: "tFrom", value: from },
    { name: "tTo", value: grid.endMs },
    { name: "ticks", value: ticks.values },
    { name: "tickStep", value: ticks.stepMs },
    { name: "zone", value: "utc" },
    { name: "runStart", value: grid.startMs },
    { name: "runEnd", value: grid.endMs },
  ];
}

/**
 * A scale from 0 to the maximum of the measured window. The warm-up, which no metric counts, does
 * not stretch it until the reader shows the warm-up.
 */
export function scaleFromZero(grid: TimeGrid, warmupMs: number, peaks: { measured: number; whole: number }): Spec {
  const { measured, whole } = peaks;
  const domain =
    measured >= whole || measured === 0
      ? [0, whole]
      : { expr: `[0, tFrom < ${measuredFromMs(grid, warmupMs)} ? ${whole} : ${measured}]` };
  return { domain, nice: true };
}

/** The points of a grid that belong to the measured window. */
export function firstMeasuredPoint(grid: TimeGrid, warmupMs: number): number {
  const point = Math.ceil(warmupMs / (grid.binMs * grid.binsPerPoint));
  return point < grid.points ? point : 0;
}

/** A Vega expression: the instant `at` (ms since 1970) in the zone that the reader chose. */
function instantText(at: string, format: string): string {
  return `(zone === 'utc' ? utcFormat(${at}, ${format}) : timeFormat(${at}, ${format}))`;
}

/** The row of a tooltip with the time; `at` is a Vega expression, ms since 1970. */
export function instantRow(at = "datum.t"): { readonly title: string; readonly text: string } {
  return {
    title: "time",
    text:
      `${instantText(at, `(tTo - tFrom < ${HOUR_MS} ? '%d %b %H:%M:%S' : '%d %b %H:%M')`)} ` +
      "+ (zone === 'utc' ? ' UTC' : '')",
  };
}

/**
 * A Vega expression: the time `ms` since the start, as people write it: +90 s, +0.5 h, +19:05 h,
 * +1 d 6 h. Where the axis ends after more than two days, whole days are days.
 */
function sinceText(ms: string, endMs: string): string {
  const hasDays = `(${ms} >= ${DAY_MS} && ${endMs} > ${2 * DAY_MS})`;
  const rest = `(${hasDays} ? ${ms} % ${DAY_MS} : ${ms})`;
  const hours = `floor(${rest} / ${HOUR_MS})`;
  const within = `utcFormat(${rest}, tickStep < ${MINUTE_MS} ? ':%M:%S' : ':%M')`;
  const number = (unitMs: number, unit: string): string => `format(${rest} / ${unitMs}, '~r') + ' ${unit}'`;
  const short = `(tickStep < ${MINUTE_MS} ? ${number(1000, "s")} : ${number(MINUTE_MS, "min")})`;
  const long = `(tickStep < ${HOUR_MS / 2} ? ${hours} + ${within} + ' h' : ${number(HOUR_MS, "h")})`;
  const isLong = `tickStep >= ${HOUR_MS / 2} || ${ms} >= (tickStep < ${MINUTE_MS} ? ${2 * MINUTE_MS} : ${2 * HOUR_MS})`;
  const days = `floor(${ms} / ${DAY_MS}) + ' d' + (${rest} > 0 ? ' ' + ${long} : '')`;
  const parts = `(${hasDays} ? ${days} : ${isLong} ? ${long} : ${short})`;
  return `'+' + (tickStep >= ${DAY_MS} ? floor(${ms} / ${DAY_MS}) + ' d' : ${parts})`;
}

function timeEncoding(grid: TimeGrid): Spec {
  const format =
    `(tickStep >= ${DAY_MS} ? '%d %b' : tickStep < ${MINUTE_MS} ? ` +
    `'%H:%M:%S' : tTo - tFrom > ${2 * DAY_MS} ? '%d %b %H:%M' : '%H:%M')`;
  const isDated = `tickStep >= ${DAY_MS} || tTo - tFrom > ${2 * DAY_MS}`;
  const first = `datum.index === 0 && !(${isDated}) ? '%d %b ' + ${format} : ${format}`;
  const since = sinceText(`(datum.value - ${grid.startMs})`, `(tTo - ${grid.startMs})`);
  return {
    field: "t",
    type: "quantitative",
    // A linear scale with its own ticks: Vega-Lite 6.4 reads the domain of a time scale in two
    // ways if a layer has an x2.
    scale: { domain: { expr: "[tFrom, tTo]" }, nice: false, zero: false },
    axis: {
      values: { expr: "ticks" },
      tickCount: MOST_TICKS,
      labelExpr: `[${instantText("datum.value", first)}, ${since}]`,
      labelLineHeight: 14,
      labelOverlap: "greedy",
      labelSeparation: 6,
      labelFlush: false,
      title: "clock time, and time since the start",
    },
  };
}

/** Shades the warm-up; nothing when there is none. */
function warmupLayers(grid: TimeGrid, warmupMs: number): Spec[] {
  if (!(warmupMs > 0)) return [];
  const span = [{ t: grid.startMs, to: grid.startMs + warmupMs }];
  return [
    {
      data: { values: span },
      mark: { type: "rect", color: INK.rule, opacity: 0.28, clip: true },
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
        // A label cut off at the edge of the measured window would be unreadable.
        opacity: { expr: `tFrom < ${grid.startMs + warmupMs} ? 1 : 0` },
        clip: true,
      },
    },
  ];
}

/** Marks outside the selected range are not drawn over the axes. */
function clipped(layer: Spec): Spec {
  const { mark } = layer;
  return { ...layer, mark: typeof mark === "string" ? { type: mark, clip: true } : { clip: true, ...(mark as Spec) } };
}
