import { formatInstant } from "../../base/calendar.js";
import { InputError, type SourcePlace } from "../../base/errors.js";
import { formatCount, formatDuration } from "../../base/units.js";
import type { TraceTable } from "../../world/scenario/resources.js";
import { MOST_REQUESTS } from "../whole-bins.js";
import { type LabelRules, labelsOf } from "./label-rule.js";

const MAX_SERIES = 200;
const MAX_BINS = 5_256_000;
/** With fewer values a count may grow throughout by chance, or in a ramp-up test. */
const FEWEST_OF_COUNTER = 20;
/**
 * A counter was reset if it falls below this share of its last value, in at most this share of
 * its steps.
 */
const RESET_LEVEL = 0.25;
const RESET_STEPS = 0.05;

interface Sampled {
  readonly labels: { region: string; format: string; segment: string };
  readonly atMs: number[];
  readonly values: number[];
}

/**
 * Collects counts or rates, one per bin. The width of a bin is the most frequent distance between
 * two instants. All instants must lie on that grid, ascending or descending, each once. Absent
 * bins, and values that are no numbers, are unknown.
 */
export class SampledSeries {
  private readonly series = new Map<string, Sampled>();
  /** Values that were no finite number, and how many bins had no row. */
  unknown = 0;
  absent = 0;
  /**
   * Whether the rows go from the newest to the oldest; undefined before two rows of one series.
   */
  private order: "ascending" | "descending" | undefined;

  constructor(
    private readonly file: string,
    private readonly rules: LabelRules,
    /** The remedy for instants that are not on one grid. */
    private readonly offGrid = "If each row is one request, say --value none and choose --bin",
  ) {}

  /**
   * Adds the count of one bin; NaN = unknown. Throws InputError at `place` if it is out of order.
   */
  add(atMs: number, value: number, field: (name: string) => string | undefined, place: SourcePlace | string): void {
    const labels = labelsOf(this.rules, field);
    const key = `${labels.region}\u0000${labels.format}\u0000${labels.segment}`;
    let one = this.series.get(key);
    if (one === undefined) {
      if (this.series.size >= MAX_SERIES)
        throw new InputError({
          code: "HR1408",
          where: place,
          got: `more than ${MAX_SERIES} series`,
          expected: "few values per rule",
        });
      one = { labels, atMs: [], values: [] };
      this.series.set(key, one);
    }
    this.checkOrder(one.atMs, atMs, place);
    if (value < 0 || value > MOST_REQUESTS)
      throw new InputError({
        code: "HR1404",
        where: place,
        got: value < 0 ? `the negative count ${value}` : `the count ${value}`,
        expected: `a count of at most ${MOST_REQUESTS.toExponential()}, or nothing = unknown`,
      });
    if (Number.isNaN(value)) this.unknown++;
    one.atMs.push(atMs);
    one.values.push(value);
  }

  /**
   * A warning, as an end of a sentence, if every series of some length grows and falls only to
   * restart near 0: the values may be a running total. "" otherwise.
   */
  get counterWarning(): string {
    const long = [...this.series.values()].filter(({ values }) => values.length >= FEWEST_OF_COUNTER);
    if (long.length === 0 || !long.every((one) => this.growsLikeCounter(one.values))) return "";
    const resets = long.some((one) => this.inTime(one.values).some((value, i, all) => i > 0 && value < all[i - 1]));
    const but = resets ? " but to start again near 0" : "";
    return `; CAUTION: they never fall${but}. If they are a running total, take differences first`;
  }

  private growsLikeCounter(written: readonly number[]): boolean {
    const values = this.inTime(written);
    const falls = values.flatMap((value, i) => (i > 0 && value < values[i - 1] ? [value / values[i - 1]] : []));
    const isReset = falls.every((level) => level <= RESET_LEVEL);
    const grows = values.some((value, i) => i > 0 && value > values[i - 1]);
    return grows && isReset && falls.length <= RESET_STEPS * values.length;
  }

  /** The known values, the oldest first. */
  private inTime(written: readonly number[]): number[] {
    const known = written.filter((value) => !Number.isNaN(value));
    return this.descends ? known.toReversed() : known;
  }

  get descends(): boolean {
    return this.order === "descending";
  }

  /** The first two rows of a series decide whether the rows ascend or descend. */
  private checkOrder(before: readonly number[], atMs: number, place: SourcePlace | string): void {
    if (before.length === 0) return;
    const last = before[before.length - 1];
    const order = atMs < last ? "descending" : "ascending";
    this.order ??= order;
    if (atMs === last || order !== this.order) throw disorder(place, atMs, last);
  }

  /**
   * All series on one grid. `stepMs` is its width, if known. `scale` gives the requests per unit
   * of value and bin of `binMs`.
   */
  table(scale: (binMs: number) => number, stepMs?: number): TraceTable {
    const all = [...this.series.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
    const longest = all.reduce<Sampled | undefined>(
      (best, one) => (best === undefined || one.atMs.length > best.atMs.length ? one : best),
      undefined,
    );
    if (longest === undefined || longest.atMs.length < 2) {
      const got = longest === undefined ? "no row" : "one row";
      throw new InputError({
        code: "HR1407",
        where: this.file,
        got,
        expected: "at least two: the width of a bin is their distance",
      });
    }
    const binMs = stepMs ?? usualDistance(longest.atMs);
    const startMs = Math.min(...all.map(({ atMs }) => Math.min(atMs[0], atMs[atMs.length - 1])));
    const endMs = Math.max(...all.map(({ atMs }) => Math.max(atMs[0], atMs[atMs.length - 1])));
    const bins = Math.round((endMs - startMs) / binMs) + 1;
    if (bins > MAX_BINS) {
      const got = `${formatCount(bins)} bins of ${formatDuration(binMs)}`;
      throw new InputError({ code: "HR1408", where: this.file, got, expected: `at most ${formatCount(MAX_BINS)}` });
    }
    const values = all.map((one) => this.column(one, startMs, binMs, bins, scale(binMs)));
    const { region, format, segment } = this.rules;
    return {
      file: this.file,
      startMs,
      binMs,
      columns: { region: region !== undefined, format: format !== undefined, segment: segment !== undefined },
      series: all.map((one) => one.labels),
      values,
      interpolated: 0,
    };
  }

  private column(one: Sampled, startMs: number, binMs: number, bins: number, scale: number): Float64Array {
    const column = new Float64Array(bins).fill(Number.NaN);
    one.atMs.forEach((atMs, i) => {
      const bin = (atMs - startMs) / binMs;
      if (!isWhole(bin)) {
        throw new InputError({
          code: "HR1406",
          where: this.file,
          got: `${formatInstant(atMs)}, which lies between the bins of ${formatDuration(binMs)}`,
          expected: `equal bins from ${formatInstant(startMs)} on`,
          remedy: remedyOffGrid(bin * binMs, binMs) ?? this.offGrid,
        });
      }
      column[Math.round(bin)] = one.values[i] * scale;
    });
    this.absent += bins - one.atMs.length;
    return column;
  }
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Days of 23 and 25 hours, and months, are no equal bins. `afterMs`: since the first bin. */
function remedyOffGrid(afterMs: number, binMs: number): string | undefined {
  if (binMs >= 28 * DAY_MS) return "Months differ in length: count by days";
  const restMs = afterMs % binMs;
  return binMs >= DAY_MS / 2 && (restMs === HOUR_MS || restMs === binMs - HOUR_MS)
    ? "The clocks of that zone were changed, so a day has 23 or 25 h: count by hours, or give --timezone +00:00"
    : undefined;
}

/**
 * A distance that would make a finer grid, with a smaller share of all distances than this, is a
 * stray row.
 */
const MIN_GRID_SHARE = 0.1;

/**
 * The most frequent distance between neighbours that divides all others, in ms; if none does, the
 * most frequent one. Of two equally frequent ones the smaller.
 */
function usualDistance(atMs: readonly number[]): number {
  const counts = new Map<number, number>();
  for (let i = 1; i < atMs.length; i++) {
    const distance = Math.abs(atMs[i] - atMs[i - 1]);
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  const byCount = [...counts].sort(([a, n], [b, m]) => m - n || a - b);
  const divides = (width: number): boolean => byCount.every(([distance]) => isWhole(distance / width));
  const fewest = MIN_GRID_SHARE * (atMs.length - 1);
  return (byCount.find(([width, count]) => count >= fewest && divides(width)) ?? byCount[0])[0];
}

function isWhole(bins: number): boolean {
  return Math.abs(bins - Math.round(bins)) <= 1e-6;
}

function disorder(place: SourcePlace | string, atMs: number, lastMs: number): InputError {
  if (atMs === lastMs)
    return new InputError({
      code: "HR1406",
      where: place,
      got: `a second row for ${formatInstant(atMs)}`,
      expected: "one row per bin and series",
      remedy: "If a column names the series, say --region COLUMN (or --format, --segment)",
    });
  return new InputError({
    code: "HR1406",
    where: place,
    got: `${formatInstant(atMs)} after ${formatInstant(lastMs)}`,
    expected: "rows in one order, ascending or descending",
    remedy: "Sort the file; if clocks were put back in it, name its zone with --timezone",
  });
}
