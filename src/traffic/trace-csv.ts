import { CsvError, parse } from "csv-parse/sync";
import { formatInstant, parseInstant } from "../base/calendar.js";
import { InputError } from "../base/errors.js";
import { closest } from "../base/spelling.js";
import { formatDuration } from "../base/units.js";
import type { TraceTable } from "../world/scenario/resources.js";
import { interpolate } from "./interpolate.js";
import { readTextFile } from "./text-file.js";

/** 200 MB are five million rows: above that, import with wider bins. */
const MAX_BYTES = 200_000_000;
const COLUMNS = ["timestamp", "value", "region", "format", "segment"] as const;
type Column = (typeof COLUMNS)[number];
type Positions = Readonly<Record<Column, number>>;

/** One row as read: its place and its cells. */
interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads a trace: `timestamp,value` (ISO-8601 UTC, equal bins), optionally `region,format,segment`,
 * then one row per bin and combination. An empty value is unknown: interpolated between its
 * neighbours, and counted; kept as NaN on request. A row that is absent, out of order or there
 * twice is an InputError.
 */
export async function readTraceCsv(
  file: string,
  unknown: "interpolated" | "kept" = "interpolated",
): Promise<TraceTable> {
  const rows = parseRows(file, await readTextFile(file, "a trace (CSV with timestamp,value)", MAX_BYTES));
  const positions = readHeader(file, rows[0]);
  if (rows.length < 3) {
    const got = rows.length === 1 ? "a trace without rows" : "a trace of one row";
    throw new InputError({
      code: "HR1407",
      where: file,
      got,
      expected: "at least two bins: the width of a bin is read off the first two",
    });
  }
  const columns = { region: positions.region >= 0, format: positions.format >= 0, segment: positions.segment >= 0 };
  return new TableBuilder(file, positions, rows).build(columns, unknown === "kept");
}

function parseRows(file: string, text: string): Row[] {
  if (text.trim() === "")
    throw new InputError({
      code: "HR1109",
      where: file,
      got: "an empty file",
      expected: "a CSV with the header timestamp,value",
    });
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as {
      info: { lines: number };
      record: string[];
    }[];
    return records.map(({ info, record }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === "number" ? error.lines : 1;
    throw new InputError({
      code: "HR1112",
      where: { file, line, column: 1 },
      got: `CSV that cannot be read (${error.code})`,
      expected: "comma-separated values, quotes closed",
      remedy: "headrace trace import reads access logs and other layouts",
    });
  }
}

function readHeader(file: string, row: Row): Positions {
  const names = row.cells.map((cell) => cell.toLowerCase());
  names.forEach((name, i) => {
    if ((COLUMNS as readonly string[]).includes(name) && names.indexOf(name) === i) return;
    const meant = closest(name, COLUMNS);
    throw new InputError({
      code: "HR1403",
      where: { file, line: row.line, column: columnOf(row, i) },
      got: `the header column "${row.cells[i]}"`,
      expected: "timestamp,value and optionally region,format,segment, each once",
      remedy: meant === undefined ? "headrace trace import reads other layouts" : `Did you mean "${meant}"?`,
    });
  });
  const at = (column: Column): number => names.indexOf(column);
  if (at("timestamp") < 0 || at("value") < 0) {
    throw new InputError({
      code: "HR1403",
      where: { file, line: row.line, column: 1 },
      got: `the header "${row.cells.join(",")}"`,
      expected: "a header with timestamp,value",
    });
  }
  return {
    timestamp: at("timestamp"),
    value: at("value"),
    region: at("region"),
    format: at("format"),
    segment: at("segment"),
  };
}

/** Where a cell begins, counted from 1. */
function columnOf(row: Row, cell: number): number {
  return row.cells.slice(0, cell).reduce((sum, text) => sum + text.length + 1, 1);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Gathers rows bin by bin; every bin must hold the same combinations. */
class TableBuilder {
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
    if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) && value >= 0 && Number.isFinite(value)) return value;
    const got = value < 0 ? `the negative count ${text}` : `the value "${text.slice(0, 40)}"`;
    throw this.fault(row, this.positions.value, got, "a number of requests that is not negative; empty = unknown");
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
