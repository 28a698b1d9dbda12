import { formatInstant } from "../../base/calendar.js";
import { InputError } from "../../base/errors.js";
import { formatCount, formatDuration } from "../../base/units.js";
import type { TraceTable } from "../../world/scenario/resources.js";
import { type LabelRules, labelsOf } from "./label-rule.js";

/** Ten years of minutes; 40 MB per series. */
const MAX_BINS = 5_256_000;
/** With more combinations than this, a rule has taken an address or a name for a label. */
const MAX_SERIES = 200;

interface Column {
  readonly labels: { region: string; format: string; segment: string };
  /** By bin − origin, where origin is the binner's. */
  counts: Float64Array;
}

/**
 * Counts requests per bin and combination of labels. Order does not matter; bins between the first
 * and the last without a request hold 0.
 */
export class Binner {
  private readonly columns = new Map<string, Column>();
  private originBin = Number.NaN;
  private firstBin = Number.POSITIVE_INFINITY;
  private lastBin = Number.NEGATIVE_INFINITY;
  /** Spans that the source covers, if it states them: bins between them are unknown, not 0. */
  private readonly covered: { readonly fromMs: number; readonly toMs: number }[] = [];

  constructor(
    private readonly file: string,
    private readonly binMs: number,
    private readonly rules: LabelRules,
  ) {}

  /** Adds `count` requests at an instant. */
  add(atMs: number, count: number, field: (name: string) => string | undefined): void {
    const bin = Math.floor(atMs / this.binMs);
    if (bin < this.firstBin || bin > this.lastBin) this.widen(bin, atMs);
    const column = this.columnOf(field);
    let at = bin - this.originBin;
    if (at < 0 || at >= column.counts.length) {
      this.grow(column);
      at = bin - this.originBin;
    }
    column.counts[at] += count;
  }

  /**
   * The source covers all of [fromMs, toMs). After the first call, bins outside every such span are
   * unknown.
   */
  cover(fromMs: number, toMs: number): void {
    this.covered.push({ fromMs, toMs });
    this.widen(Math.floor(fromMs / this.binMs), fromMs);
    this.widen(Math.ceil(toMs / this.binMs) - 1, fromMs);
  }

  /** The table; throws InputError when there was no request, or all lie in one bin. */
  table(): TraceTable {
    const bins = this.lastBin - this.firstBin + 1;
    if (!(bins >= 2)) {
      const got = bins === 1 ? `requests in one bin only (${formatInstant(this.firstBin * this.binMs)})` : "no request";
      throw new InputError({
        code: "HR1407",
        where: this.file,
        got,
        expected: "at least two bins",
        remedy: "Choose a smaller --bin",
      });
    }
    const columns = [...this.columns.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, column]) => column);
    const values = columns.map((column) => {
      const counts = new Float64Array(bins);
      const offset = this.firstBin - this.originBin;
      for (let i = 0; i < bins && offset + i < column.counts.length; i++) counts[i] = column.counts[offset + i];
      return counts;
    });
    if (this.covered.length > 0) this.blank(values);
    const { region, format, segment } = this.rules;
    return {
      file: this.file,
      startMs: this.firstBin * this.binMs,
      binMs: this.binMs,
      columns: { region: region !== undefined, format: format !== undefined, segment: segment !== undefined },
      series: columns.map((column) => column.labels),
      values,
      interpolated: 0,
    };
  }

  private blank(values: readonly Float64Array[]): void {
    const isCovered = new Uint8Array(values[0].length);
    for (const { fromMs, toMs } of this.covered) {
      const from = Math.floor(fromMs / this.binMs) - this.firstBin;
      isCovered.fill(1, from, Math.ceil(toMs / this.binMs) - this.firstBin);
    }
    for (const counts of values) {
      for (let i = 0; i < counts.length; i++) if (isCovered[i] === 0) counts[i] = Number.NaN;
    }
  }

  private columnOf(field: (name: string) => string | undefined): Column {
    const labels = labelsOf(this.rules, field);
    const key = `${labels.region}\u0000${labels.format}\u0000${labels.segment}`;
    const known = this.columns.get(key);
    if (known !== undefined) return known;
    if (this.columns.size >= MAX_SERIES) {
      throw new InputError({
        code: "HR1408",
        where: this.file,
        got:
          `more than ${MAX_SERIES} combinations of region, format and ` +
          `segment (${Object.values(labels).join(" ").trim()} is one more)`,
        expected: "few values per rule",
        remedy: "Let the rule take a part of the field: FIELD/REGEX/",
      });
    }
    const column = { labels, counts: new Float64Array(1024) };
    this.columns.set(key, column);
    return column;
  }

  private widen(bin: number, atMs: number): void {
    if (Number.isNaN(this.originBin)) this.originBin = bin;
    const first = Math.min(this.firstBin, bin);
    const last = Math.max(this.lastBin, bin);
    if (last - first + 1 > MAX_BINS) {
      const known = this.firstBin === Number.POSITIVE_INFINITY ? atMs : this.firstBin * this.binMs;
      throw new InputError({
        code: "HR1408",
        where: this.file,
        got: `instants as far apart as ${formatInstant(known)} and ${formatInstant(atMs)}`,
        expected: `at most ${formatCount(MAX_BINS)} bins of ${formatDuration(this.binMs)}`,
        remedy: "Choose a wider --bin, or bound the time with --from and --to",
      });
    }
    this.firstBin = first;
    this.lastBin = last;
  }

  /** Makes room from the first bin to the last, and as much again on the side that grew. */
  private grow(column: Column): void {
    if (this.firstBin < this.originBin) {
      const shift = this.originBin - this.firstBin + 1024;
      for (const one of this.columns.values()) {
        const moved = new Float64Array(one.counts.length + shift);
        moved.set(one.counts, shift);
        one.counts = moved;
      }
      this.originBin -= shift;
    }
    const needed = this.lastBin - this.originBin + 1;
    if (needed <= column.counts.length) return;
    const larger = new Float64Array(Math.max(needed, column.counts.length * 2));
    larger.set(column.counts);
    column.counts = larger;
  }
}
