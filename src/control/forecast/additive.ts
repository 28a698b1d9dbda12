import type { BinHistory } from "./bin-history.js";
import { type EventCalendar, NO_EVENTS } from "./calendar-events.js";
import { CountScale } from "./count-space.js";
import { NormalEquations } from "./normal-equations.js";
import type { PointModel } from "./point-model.js";
import type { Season } from "./season.js";

const CHANGEPOINTS = 10;
/**
 * The trend may change only in this first part of the history: a change at the end would be
 * extrapolated.
 */
const BENDING_SHARE = 0.8;
const DAY_WAVES = 8;
const WEEK_WAVES = 5;
/**
 * Ridge penalties: none on the level, some on the trend, more on its changes (Prophet's sparse
 * prior), little on seasons and events.
 */
const SLOPE_RIDGE = 0.1;
const BEND_RIDGE = 3;
const SEASON_RIDGE = 0.002;
/** In less than two weeks a weekly season looks like a trend. */
const WEEKS_FOR_WEEK = 2;
const MOST_ROWS = 4000;
const DAY_MS = 86_400_000;
const LEAST_DAYS = 2;

/**
 * Trend with changepoints + Fourier seasons of day and week + holidays and events, by ridge
 * regression on logarithms, so that effects multiply: the model of Prophet (Taylor and Letham 2018)
 * without its sampler. It ignores the latest level. So it suits day-ahead plans and the effect of
 * events, but not the next hour. Known multipliers are divided out before the fit and multiplied in
 * after it.
 */
export class Additive implements PointModel {
  readonly name = "additive";
  readonly isWeekly = true;
  private readonly scale = new CountScale("log");
  private readonly row: Float64Array;
  private coefficients: Float64Array = new Float64Array(0);
  /** The span that the trend was fitted to. */
  private startMs = 0;
  private spanMs = DAY_MS;
  private weekly = false;

  constructor(private readonly calendar: EventCalendar = NO_EVENTS) {
    this.row = new Float64Array(2 + CHANGEPOINTS + 2 * (DAY_WAVES + WEEK_WAVES) + calendar.names.length);
  }

  minimumBins(season: Season): number {
    return season.dayBins === 0 ? Number.POSITIVE_INFINITY : LEAST_DAYS * season.dayBins;
  }

  /** [offset, ceiling, start, span, weekly, coefficients…] */
  learn(history: BinHistory, end: number): Float64Array {
    const scale = this.scale.adapt(history.values.data, end);
    this.startMs = history.timeMs(0);
    this.spanMs = end * history.binMs;
    this.weekly = end >= WEEKS_FOR_WEEK * history.season.weekBins;
    const equations = new NormalEquations(this.row.length);
    const stride = Math.max(1, Math.floor(end / MOST_ROWS));
    for (let t = end - 1; t >= 0; t -= stride) {
      if (history.observed.data[t] !== 1) continue;
      const atMs = history.timeMs(t);
      this.fill(atMs);
      const known = this.calendar.multiplier(atMs);
      // A multiplier of 0 means that there was no traffic: nothing can be learnt from such a bin.
      if (known > 0) equations.add(this.row, this.scale.into(history.values.data[t] / known), 1);
    }
    return Float64Array.of(...scale, this.startMs, this.spanMs, this.weekly ? 1 : 0, ...equations.solve(this.ridges()));
  }

  restore(_history: BinHistory, parameters: Float64Array): void {
    this.scale.restore(parameters[0], parameters[1]);
    this.startMs = parameters[2];
    this.spanMs = parameters[3];
    this.weekly = parameters[4] === 1;
    this.coefficients = parameters.slice(5);
  }

  extend(): void {}

  dropFirst(): void {}

  predict(history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    for (let k = 0; k < leads.length; k++) {
      const atMs = history.timeMs(end - 1 + leads[k]);
      this.fill(atMs);
      let sum = 0;
      for (let i = 0; i < this.row.length; i++) sum += this.coefficients[i] * this.row[i];
      out[k] = this.scale.from(sum) * this.calendar.multiplier(atMs);
    }
  }

  private ridges(): Float64Array {
    const ridges = new Float64Array(this.row.length).fill(SEASON_RIDGE);
    ridges[0] = 0;
    ridges[1] = SLOPE_RIDGE;
    ridges.fill(BEND_RIDGE, 2, 2 + CHANGEPOINTS);
    return ridges;
  }

  private fill(atMs: number): void {
    const { row } = this;
    const x = (atMs - this.startMs) / this.spanMs;
    // Beyond a tenth of the span the trend is held constant: a straight line is wrong a year
    // ahead.
    const trend = Math.min(x, 1.1);
    let i = 0;
    row[i++] = 1;
    row[i++] = trend;
    for (let c = 1; c <= CHANGEPOINTS; c++) row[i++] = Math.max(0, trend - (BENDING_SHARE * c) / CHANGEPOINTS);
    i = waves(row, i, atMs / DAY_MS, DAY_WAVES);
    i = this.weekly ? waves(row, i, atMs / (7 * DAY_MS), WEEK_WAVES) : silence(row, i, 2 * WEEK_WAVES);
    this.calendar.mark(atMs, row, i);
  }
}

function waves(row: Float64Array, from: number, turns: number, count: number): number {
  const angle = 2 * Math.PI * (turns - Math.floor(turns));
  for (let k = 1; k <= count; k++) {
    row[from++] = Math.sin(k * angle);
    row[from++] = Math.cos(k * angle);
  }
  return from;
}

function silence(row: Float64Array, from: number, count: number): number {
  row.fill(0, from, from + count);
  return from + count;
}
