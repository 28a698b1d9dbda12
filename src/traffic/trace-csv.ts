import { CsvError, parse } from "csv-parse/sync";
import { InputError } from "../base/errors.js";
import { closest } from "../base/spelling.js";
import type { TraceTable } from "../world/scenario/resources.js";
import { readTextFile } from "./text-file.js";
import { COLUMNS, type Column, columnOf, type Positions, type Row, TableBuilder } from "./trace-rows.js";

/** 200 MB are five million rows: above that, import with wider bins. */
const MAX_BYTES = 200_000_000;
/**
 * Reads a trace: `timestamp,value` (ISO-8601 UTC, equal bins), optionally
 * `region,format,segment`, then one row per bin and combination. An empty value is unknown:
 * interpolated between its neighbours, and counted; kept as NaN on request. A row that is absent,
 * out of order or repeated is an InputError.
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
