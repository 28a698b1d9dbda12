import { formatInstant, parseInstant } from "../base/calendar.js";
import { InputError } from "../base/errors.js";
import { formatDuration } from "../base/units.js";
import type { TraceTable } from "../world/scenario/resources.js";
import { interpolate } from "./interpolate.js";
import { MOST_REQUESTS } from "./whole-bins.js";

/** The columns of a trace, in their usual order. */
export const COLUMNS = ["timestamp", "value", "region", "format", "segment"] as const;
export type Column = (typeof COLUMNS)[number];
/** Where each column is; −1 = absent. */
export type Positions = Readonly<Record<Column, number>>;

/** One row as read: its place and its cells. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Where a cell begins, counted from 1. */
export function columnOf(row: Row, cell: number): number {
  return row.cells.slice(0, cell).reduce((sum, text) => sum + text.length + 1, 1);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Gathers rows bin by bin; every bin must hold the same combinations. */
export class TableBuilder {
  private readonly keys = new Map<string, number>();
  private readonly series: { region: string; format: string; segment: string }[] = [];
  private readonly values: number[][] = [];
  private binMs = Number.NaN;

  constructor(
    private readonly file: string,
    private readonly positions: Positions,
    private readonly rows: readonly Row[],
  ) {}

  build(columns: TraceTable["columns"], keepUnknown: boolean): TraceTable {
    let bin = -1;
    let binStartMs = Number.NaN;
    let seen = 0;
    let startMs = Number.NaN;
    let previous: Row | undefined;
    for (let r = 1; r < this.rows.length; r++) {
      const row = this.rows[r];
      this.checkWidth(row);
      const atMs = this.timestamp(row);
      if (atMs !== binStartMs) {
        if (previous !== undefined) this.checkComplete(previous, bin, seen);
        this.checkStep(row, bin, binStartMs, atMs);
        if (bin < 0) startMs = atMs;
        bin++;
        binStartMs = atMs;
        seen = 0;
      }
      const s = this.seriesOf(row, bin);
      if (this.values[s].length > bin)
        throw this.fault(
          row,
          this.positions.timestamp,
          "a second row for the same bin",
          "one row per bin and combination",
        );
      this.values[s].push(this.value(row));
      seen++;
      previous = row;
    }
    if (previous !== undefined) this.checkComplete(previous, bin, seen);
    if (Number.isNaN(this.binMs))
      throw new InputError({
        code: "HR1407",
        where: this.file,
        got: "a trace of one bin",
        expected: "at least two bins",
      });
    let interpolated = 0;
    const values = this.values.map((column) => {
      const filled = Float64Array.from(column);
      interpolated += interpolate(filled);
      if (filled.some(Number.isNaN))
        throw new InputError({
          code: "HR1409",
          where: this.file,
          got: "a series without any known value",
          expected: "at least one",
        });
      return keepUnknown ? Float64Array.from(column) : filled;
    });
    return { file: this.file, startMs, binMs: this.binMs, columns, series: this.series, values, interpolated };
  }

  private checkWidth(row: Row): void {
    const width = this.rows[0].cells.length;
    if (row.cells.length === width) return;
    throw new InputError({
      code: "HR1403",
      where: { file: this.file, line: row.line, column: 1 },
      got: counted(row.cells.length, "column"),
      expected: `${width}, as in the header`,
    });
  }

  private timestamp(row: Row): number {
    const text = row.cells[this.positions.timestamp];
    const atMs = parseInstant(text);
    if (!Number.isNaN(atMs)) return atMs;
    throw this.fault(
      row,
      this.positions.timestamp,
      `the timestamp "${text.slice(0, 40)}"`,
      "ISO-8601 in UTC such as 2026-01-05T19:00:00Z",
      "headrace trace import reads other zones and layouts",
    );
  }

  private value(row: Row): number {
    const text = row.cells[this.positions.value];
    if (text === "") return Number.NaN;
    const value = Number(text);
    if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) && value >= 0 && value <= MOST_REQUESTS) return value;
    const got = value < 0 ? `the negative count ${text}` : `the value "${text.slice(0, 40)}"`;
    const expected = `a number of requests from 0 to ${MOST_REQUESTS.toExponential()}; empty = unknown`;
    throw this.fault(row, this.positions.value, got, expected);
  }

  private checkStep(row: Row, bin: number, beforeMs: number, atMs: number): void {
    if (bin < 0) return;
    const step = atMs - beforeMs;
    if (step <= 0)
      throw this.fault(
        row,
        this.positions.timestamp,
        `${formatInstant(atMs)} after ${formatInstant(beforeMs)}`,
        "rows in ascending order, each bin once",
        "Sort the trace and drop duplicates",
      );
    if (bin === 0) this.binMs = step;
    else if (step !== this.binMs) {
      const expected = `the next bin, ${formatInstant(beforeMs + this.binMs)} (bins of ${formatDuration(this.binMs)})`;
      const missing = step > this.binMs && step % this.binMs === 0;
      throw this.fault(
        row,
        this.positions.timestamp,
        missing ? `${counted(step / this.binMs - 1, "absent bin")} before ${formatInstant(atMs)}` : formatInstant(atMs),
        expected,
        missing
          ? "Rows must ascend; write an unknown bin as a row with an empty value"
          : "headrace trace import counts single requests into equal bins",
      );
    }
  }

  /** The first bin defines the combinations. */
  private seriesOf(row: Row, bin: number): number {
    const cell = (position: number): string => (position < 0 ? "" : row.cells[position]);
    const one = {
      region: cell(this.positions.region),
      format: cell(this.positions.format),
      segment: cell(this.positions.segment),
    };
    const key = `${one.region}\u0000${one.format}\u0000${one.segment}`;
    const known = this.keys.get(key);
    if (known !== undefined) return known;
    if (bin > 0)
      throw this.fault(
        row,
        this.positions.timestamp,
        `a combination that the first bin lacks (${Object.values(one).join(" ").trim()})`,
        "the same combinations in every bin",
      );
    this.keys.set(key, this.series.length);
    this.values.push([]);
    return this.series.push(one) - 1;
  }

  private checkComplete(last: Row, bin: number, seen: number): void {
    if (bin === 0 || seen === this.series.length) return;
    throw this.fault(
      last,
      this.positions.timestamp,
      `a bin with ${seen} of ${this.series.length} combinations`,
      "a row for each; an empty value = unknown",
    );
  }

  private fault(row: Row, column: number, got: string, expected: string, remedy?: string): InputError {
    return new InputError({
      code: "HR1404",
      where: { file: this.file, line: row.line, column: columnOf(row, column) },
      got,
      expected,
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
}
