import { InputError, type SourcePlace } from "../../base/errors.js";
import { closest } from "../../base/spelling.js";
import { looksLikeCounts, numericColumns } from "./count-table.js";
import type { LabelRules } from "./label-rule.js";
import { describeMeaning, meaningOf, type ValueMeaning } from "./value-meaning.js";

const TIME_COLUMNS = [
  "timestamp",
  "time",
  "datetime",
  "date time",
  "date_time",
  "date/time",
  "date",
  "ts",
  "@timestamp",
  "_time",
];
export const VALUE_COLUMNS = ["value", "count", "requests", "hits"];
/** The value of --value if each row is one request. */
export const NO_VALUE = "none";

/**
 * The command line's choice of a table's columns: names in any case, or #3 for the third; undefined
 * = detected here.
 */
export interface ColumnChoice {
  readonly timestamp: string | undefined;
  /** "none" = each row is one request. */
  readonly value: string | undefined;
  /** What the values mean; undefined = counts, unless the column's name says otherwise. */
  readonly values?: ValueMeaning | undefined;
  readonly rules: LabelRules;
}

/** What each column of a table is. Positions count from 0. */
export interface TableColumns {
  readonly header: readonly string[];
  /** One column, or a date and a time of day. */
  readonly time: readonly number[];
  /** −1: each row is one request. */
  readonly value: number;
  readonly meaning: ValueMeaning;
  /** Columns that the rules for region, format and segment name. */
  readonly fields: ReadonlyMap<string, number>;
}

/** A table's header, its first rows, and a reader of times for them that changes no state. */
export interface TableStart {
  readonly place: SourcePlace;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly instantOf: (text: string) => number;
}

/**
 * Decides the role of each column. If no column has a usual name for a count, and the rows look
 * like a table of counts, it asks the user: each row would count as one request without notice.
 * Throws InputError.
 */
export function columnsOf(start: TableStart, choice: ColumnChoice): TableColumns {
  const time = timeColumns(start, choice.timestamp);
  const fields = new Map<string, number>();
  for (const [name, rule] of Object.entries(choice.rules) as [string, LabelRules["region"]][])
    if (rule !== undefined) fields.set(rule.field, named(start, `--${name}`, rule.field));
  const value = valueColumn(start, choice.value, time);
  if (time.includes(value))
    throw fault(start, `the column "${start.header[value]}" for both time and count`, "two columns");
  const { values } = choice;
  if (value < 0 && values !== undefined) throw fault(start, "--values where each row is one request", "one of the two");
  const meaning = value < 0 ? "count" : meaningOf(start.place, start.header[value], values);
  return { header: start.header, time, value, meaning, fields };
}

/** The text of a row's time, from one column or two. */
export function timeText(columns: TableColumns, row: readonly string[]): string {
  return columns.time.map((column) => row[column] ?? "").join(" ");
}

/** How the table was read, in words. */
export function describeColumns({ header, time, value, meaning }: TableColumns): string {
  const times = time.map((column) => `"${header[column]}"`).join(" and ");
  return (
    `time from ${times}, ` +
    `${value < 0 ? "each row counted as one request" : `${describeMeaning(meaning)} from "${header[value]}"`}`
  );
}

/**
 * The position of a column by its name (any case) or its number; a name that two columns have is
 * refused.
 */
function named(start: TableStart, option: string, wanted: string): number {
  const { header } = start;
  const number = /^#(\d{1,4})$/.exec(wanted);
  if (number !== null && header[Number(number[1]) - 1] !== undefined) return Number(number[1]) - 1;
  const exact = positionsOf(header, (name) => name === wanted);
  const found = exact.length > 0 ? exact : positionsOf(header, (name) => name.toLowerCase() === wanted.toLowerCase());
  if (found.length === 1) return found[0];
  if (found.length > 1) throw twins(start, option, wanted, found);
  const meant = closest(wanted, header);
  throw fault(
    start,
    `no column "${wanted}" (${option})`,
    `one of ${header.join(", ")}`,
    meant === undefined ? "Columns can be named by their numbers, too: #2" : `Did you mean "${meant}"?`,
  );
}

function twins(start: TableStart, option: string, name: string, found: readonly number[]): InputError {
  const numbers = found.map((column) => `#${column + 1}`);
  return fault(
    start,
    `${found.length} columns named "${name}" (${numbers.join(", ")})`,
    "one column of that name",
    `Name one by its number: ${option} '${numbers[0]}'`,
  );
}

function timeColumns(start: TableStart, wanted: string | undefined): readonly number[] {
  const { header, rows, instantOf } = start;
  if (wanted !== undefined) return [named(start, "--timestamp", wanted)];
  const usual = positionsOf(header, (name) => TIME_COLUMNS.includes(name.toLowerCase()));
  if (usual.length === 1) return usual;
  if (usual.length === 0) {
    const like = header.filter((name) => /time|date|hour|minute/i.test(name));
    const remedy = like.length === 0 ? "Name it with --timestamp" : `Name it with --timestamp, e.g. '${like[0]}'`;
    throw fault(start, `the header ${header.join(",").slice(0, 120)}`, "a column with the time", remedy);
  }
  const date = usual.find((column) => header[column].toLowerCase() === "date");
  const clock = usual.find((column) => header[column].toLowerCase() === "time");
  if (date !== undefined && clock !== undefined && rows.every((row) => /^\d{1,2}:\d{2}/.test(row[clock] ?? "")))
    return [date, clock];
  const read = usual.filter((column) => rows.every((row) => !Number.isNaN(instantOf(row[column] ?? ""))));
  if (read.length === 1) return read;
  if (new Set(usual.map((column) => header[column].toLowerCase())).size === 1)
    throw twins(start, "--timestamp", header[usual[0]], usual);
  const names = usual.map((column) => header[column]).join(", ");
  throw fault(start, `${usual.length} columns that can be the time: ${names}`, "one", "Name it with --timestamp");
}

function valueColumn(start: TableStart, wanted: string | undefined, time: readonly number[]): number {
  const { header, rows } = start;
  if (wanted !== undefined) {
    const isColumn = header.some((name) => name.toLowerCase() === wanted.toLowerCase());
    return wanted === NO_VALUE && !isColumn ? -1 : named(start, "--value", wanted);
  }
  const usual = positionsOf(header, (name) => VALUE_COLUMNS.includes(name.toLowerCase()));
  if (usual.length === 1) return usual[0];
  if (usual.length > 1) {
    if (new Set(usual.map((column) => header[column].toLowerCase())).size === 1)
      throw twins(start, "--value", header[usual[0]], usual);
    const numeric = numericColumns(rows, usual);
    if (numeric.length === 1) return numeric[0];
    const names = usual.map((column) => header[column]).join(", ");
    throw fault(start, `${usual.length} columns that can be the count: ${names}`, "one", "Name it with --value");
  }
  checkSingleRequests(start, time);
  return -1;
}

/** Refuses rows that are most likely counts, and explains how to read them as either. */
function checkSingleRequests(start: TableStart, time: readonly number[]): void {
  const { header, rows, instantOf } = start;
  const others = header.map((_, column) => column).filter((column) => !time.includes(column));
  const atMs = rows.map((row) => instantOf(time.map((column) => row[column] ?? "").join(" ")));
  if (!looksLikeCounts(rows, atMs, others)) return;
  const numeric = numericColumns(rows, others);
  const names = numeric.map((column) => `"${header[column]}"`);
  const isTwin = (column: number): boolean => header.filter((name) => name === header[column]).length > 1;
  const example = isTwin(numeric[0]) ? `#${numeric[0] + 1}` : header[numeric[0]];
  throw fault(
    start,
    `rows at equal distances with numbers in ${names.slice(0, 8).join(", ")}: they look like counts`,
    "the name of the column with the count",
    `Say --value '${example}', or --value none where each row is one request`,
  );
}

function positionsOf(header: readonly string[], fits: (name: string) => boolean): number[] {
  return header.flatMap((name, column) => (fits(name) ? [column] : []));
}

function fault(start: TableStart, got: string, expected: string, remedy?: string): InputError {
  return new InputError({
    code: "HR1403",
    where: start.place,
    got,
    expected,
    ...(remedy === undefined ? {} : { remedy }),
  });
}
