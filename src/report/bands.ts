import type { RunResult, Timeline } from "../world/run-result.js";
import { chartNumber } from "./numbers.js";

/** A line has at most this many points: one every three minutes of a day. */
const MOST_POINTS = 480;

/**
 * Rare events are counted over longer bins, 15 minutes of a day: a rate per minute would
 * alternate between 0 and single events.
 */
export const MOST_EVENT_POINTS = 96;

/** How the bins of a run become the points of a chart. */
export interface TimeGrid {
  readonly binMs: number;
  /** Bins in one point; the last point may hold fewer. */
  readonly binsPerPoint: number;
  readonly points: number;
  readonly bins: number;
  /** Wall time at t = 0 and at the end, ms since 1970. */
  readonly startMs: number;
  readonly endMs: number;
}

/** Over replications, at each point of the grid; null where there is no value. */
export interface Band {
  readonly mean: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

export function timeGrid(timeline: Timeline, epochMs: number, durationMs: number, mostPoints = MOST_POINTS): TimeGrid {
  const bins = timeline.open.length;
  const binsPerPoint = Math.max(1, Math.ceil(bins / mostPoints));
  return {
    binMs: timeline.binMs,
    binsPerPoint,
    points: Math.ceil(bins / binsPerPoint),
    bins,
    startMs: epochMs,
    endMs: epochMs + durationMs,
  };
}

/** The middle of a point, wall time. */
export function pointAtMs(grid: TimeGrid, point: number): number {
  const fromMs = grid.startMs + point * grid.binsPerPoint * grid.binMs;
  return Math.round((fromMs + Math.min(grid.endMs, fromMs + grid.binsPerPoint * grid.binMs)) / 2);
}

/**
 * Mean, lowest and highest replication of a quantity. `at(timeline, from, to)` is its value over
 * the bins [from, to).
 */
export function bandOf(
  runs: readonly RunResult[],
  grid: TimeGrid,
  at: (timeline: Timeline, from: number, to: number) => number,
): Band {
  const mean: (number | null)[] = [];
  const low: (number | null)[] = [];
  const high: (number | null)[] = [];
  for (let point = 0; point < grid.points; point++) {
    const from = point * grid.binsPerPoint;
    const to = Math.min(grid.bins, from + grid.binsPerPoint);
    const values = runs.map((run) => at(run.timeline, from, to)).filter(Number.isFinite);
    const sum = values.reduce((total, value) => total + value, 0);
    mean.push(values.length === 0 ? null : chartNumber(sum / values.length));
    low.push(values.length === 0 ? null : chartNumber(Math.min(...values)));
    high.push(values.length === 0 ? null : chartNumber(Math.max(...values)));
  }
  return { mean, low, high };
}

/** Sum over the bins [from, to) of a column. */
export function sumOver(column: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let bin = from; bin < to; bin++) sum += column[bin];
  return sum;
}

/** Open streams on ready streamlets, mean over some bins, to compare with ready slots. */
export function openOnReady(line: Timeline, from: number, to: number): number {
  const draining = line.openDraining === undefined ? 0 : meanOver(line.openDraining, from, to);
  return meanOver(line.open, from, to) - draining;
}

export function meanOver(column: Float64Array, from: number, to: number): number {
  return sumOver(column, from, to) / (to - from);
}

/** Events per minute over the bins [from, to). */
export function perMinute(column: Float64Array, binMs: number, from: number, to: number): number {
  return sumOver(column, from, to) / (((to - from) * binMs) / 60_000);
}

/** The highest value from a point of the grid on; 0 where there is none. */
export function peakOf(band: Band, fromPoint = 0): number {
  return band.high.slice(fromPoint).reduce<number>((peak, value) => Math.max(peak, value ?? 0), 0);
}
