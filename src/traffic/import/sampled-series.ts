import { formatInstant } from "../../base/calendar.js";
import { InputError, type SourcePlace } from "../../base/errors.js";
import { formatCount, formatDuration } from "../../base/units.js";
import type { TraceTable } from "../../world/scenario/resources.js";
import { type LabelRules, labelsOf } from "./label-rule.js";

const MAX_SERIES = 200;
const MAX_BINS = 5_256_000;

interface Sampled {
  readonly labels: { region: string; format: string; segment: string };
  readonly atMs: number[];
  readonly values: number[];
}

/**
 * Gathers counts that come ready-made, one per bin. The width of a bin is read off the first two instants of a series; all others must lie on the same
 * grid, in ascending order, each once. Bins that are absent, and values that are not numbers, are unknown.
 */
export class SampledSeries {
  private readonly series = new Map<string, Sampled>();
  /** Values that were no finite number, and how many bins had no row. */
  unknown = 0;
  absent = 0;

  constructor(
    private readonly file: string,
    private readonly rules: LabelRules,
  ) {}

  /** Adds the count of one bin; NaN = unknown. Throws InputError at `place` where it does not follow its predecessor. */
  add(atMs: number, value: number, field: (name: string) => string | undefined, place: SourcePlace | string): void {
    const labels = labelsOf(this.rules, field);
    const key = `${labels.region}\u0000${labels.format}\u0000${labels.segment}`;
    let one = this.series.get(key);
    if (one === undefined) {
      if (this.series.size >= MAX_SERIES)
        throw new InputError({ where: place, got: `more than ${MAX_SERIES} series`, expected: "few values per rule" });
      one = { labels, atMs: [], values: [] };
      this.series.set(key, one);
    }
    const last = one.atMs.length === 0 ? Number.NEGATIVE_INFINITY : one.atMs[one.atMs.length - 1];
    if (!(atMs > last)) throw disorder(place, atMs, last);
    if (value < 0)
      throw new InputError({
        where: place,
        got: `the negative count ${value}`,
        expected: "a count, or nothing = unknown",
      });
    if (!Number.isFinite(value)) this.unknown++;
    one.atMs.push(atMs);
    one.values.push(Number.isFinite(value) ? value : Number.NaN);
  }

  /** All series on one grid. `scale` gives the requests per unit of value and bin of `binMs`. */
  table(scale: (binMs: number) => number): TraceTable {
    const all = [...this.series.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
    const longest = all.reduce<Sampled | undefined>(
      (best, one) => (best === undefined || one.atMs.length > best.atMs.length ? one : best),
      undefined,
    );
    if (longest === undefined || longest.atMs.length < 2) {
      const got = longest === undefined ? "no row" : "one row";
      throw new InputError({
        where: this.file,
        got,
        expected: "at least two: the width of a bin is read off the first two",
      });
    }
    const binMs = longest.atMs[1] - longest.atMs[0];
    const startMs = Math.min(...all.map((one) => one.atMs[0]));
    const endMs = Math.max(...all.map((one) => one.atMs[one.atMs.length - 1]));
    const bins = Math.round((endMs - startMs) / binMs) + 1;
    if (bins > MAX_BINS) {
      const got = `${formatCount(bins)} bins of ${formatDuration(binMs)}`;
      throw new InputError({ where: this.file, got, expected: `at most ${formatCount(MAX_BINS)}` });
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
      if (Math.abs(bin - Math.round(bin)) > 1e-6) {
        throw new InputError({
          where: this.file,
          got: `${formatInstant(atMs)}, which lies between the bins of ${formatDuration(binMs)}`,
          expected: `equal bins from ${formatInstant(startMs)} on`,
          remedy: "Rows that are single requests need no value column: leave --value out and choose --bin",
        });
      }
      column[Math.round(bin)] = one.values[i] * scale;
    });
    this.absent += bins - one.atMs.length;
    return column;
  }
}

function disorder(place: SourcePlace | string, atMs: number, lastMs: number): InputError {
  if (atMs === lastMs)
    return new InputError({
      where: place,
      got: `a second row for ${formatInstant(atMs)}`,
      expected: "one row per bin and series",
    });
  return new InputError({
    where: place,
    got: `${formatInstant(atMs)} after ${formatInstant(lastMs)}`,
    expected: "rows in ascending order",
    remedy: "Sort the file; if clocks were put back in it, name its zone with --timezone",
  });
}
