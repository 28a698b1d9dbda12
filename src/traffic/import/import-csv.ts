import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { CsvError, parse } from "csv-parse";
import { InputError, type SourcePlace } from "../../base/errors.js";
import { closest } from "../../base/spelling.js";
import { Binner } from "./binner.js";
import type { Imported } from "./import-log.js";
import type { LabelRules } from "./label-rule.js";
import { readLines } from "./line-reader.js";
import { SampledSeries } from "./sampled-series.js";
import type { TimestampReader } from "./timestamp.js";

const TIME_COLUMNS = ["timestamp", "time", "datetime", "date", "ts", "@timestamp"];
const VALUE_COLUMNS = ["value", "count", "requests", "hits"];

export interface CsvImport {
  readonly timestamps: TimestampReader;
  /** Column names as in the header, any case; undefined = a usual name. No value column: each row is one request. */
  readonly timestamp: string | undefined;
  readonly value: string | undefined;
  readonly rules: LabelRules;
  /** For rows that are single requests. */
  readonly binMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly signal: AbortSignal;
}

interface Columns {
  readonly names: readonly string[];
  readonly timestamp: number;
  readonly value: number;
}

/** Reads one CSV with a header and chosen columns: a count per row, or a request per row. Throws InputError with line and column. */
export async function importCsv(file: string, how: CsvImport): Promise<Imported> {
  let columns: Columns | undefined;
  let cells: readonly string[] = [];
  const field = (name: string): string | undefined => cells[columns?.names.indexOf(name.toLowerCase()) ?? -1];
  const binner = new Binner(file, how.binMs, how.rules);
  const sampled = new SampledSeries(file, how.rules);
  let requests = 0;
  // Counts of one series ascend, row by row: which of two equal times is meant follows from the row before.
  const ascends = Object.values(how.rules).every((rule) => rule === undefined);
  let beforeMs = Number.NEGATIVE_INFINITY;
  for await (const { line, record } of records(file)) {
    how.signal.throwIfAborted();
    if (columns === undefined) {
      columns = columnsOf(file, record, how);
      continue;
    }
    cells = record;
    const atMs = timestampAt(file, line, columns, record, how.timestamps, beforeMs);
    if (ascends && columns.value >= 0) beforeMs = atMs;
    if (atMs < how.fromMs || atMs >= how.toMs) continue;
    if (columns.value < 0) {
      requests++;
      binner.add(atMs, 1, field);
      continue;
    }
    const place = { file, line, column: columnOf(record, columns.value) };
    const value = valueAt(record[columns.value], place);
    if (Number.isFinite(value)) requests += value;
    sampled.add(atMs, value, field, place);
  }
  if (columns === undefined)
    throw new InputError({ where: file, got: "an empty file", expected: "a CSV with a header" });
  const table = columns.value < 0 ? binner.table() : sampled.table(() => 1);
  return { table, requests, broken: 0, firstBroken: undefined };
}

async function* records(file: string): AsyncGenerator<{ line: number; record: string[] }> {
  // The first batch tells a missing, binary or broken file apart, with its own message.
  const probe = await readLines(file).next();
  const gzip = !probe.done && (await isGzip(file));
  const parser = parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true, trim: true });
  const raw = createReadStream(file);
  const source = gzip ? raw.pipe(createGunzip()) : raw;
  source.on("error", (error: Error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
      yield { line: info.lines, record };
    }
  } catch (error) {
    if (error instanceof CsvError) {
      const line = typeof error.lines === "number" ? error.lines : 1;
      throw new InputError({
        where: { file, line, column: 1 },
        got: `CSV that cannot be read (${error.code})`,
        expected: "comma-separated values, quotes closed",
      });
    }
    if ((error as NodeJS.ErrnoException).code === "Z_BUF_ERROR")
      throw new InputError({ where: file, got: "gzip that ends too early", expected: "a whole file" });
    throw error;
  } finally {
    raw.destroy();
  }
}

async function isGzip(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { end: 1 }) as AsyncIterable<Buffer>)
    return chunk[0] === 0x1f && chunk[1] === 0x8b;
  return false;
}

function columnsOf(file: string, header: readonly string[], how: CsvImport): Columns {
  const names = header.map((name) => name.toLowerCase());
  const find = (option: string, wanted: string | undefined, usual: readonly string[]): number => {
    if (wanted === undefined) return names.findIndex((name) => usual.includes(name));
    const at = names.indexOf(wanted.toLowerCase());
    if (at >= 0) return at;
    const meant = closest(wanted.toLowerCase(), names);
    throw new InputError({
      where: { file, line: 1, column: 1 },
      got: `no column "${wanted}" (${option})`,
      expected: `one of ${header.join(", ")}`,
      ...(meant === undefined ? {} : { remedy: `Did you mean "${header[names.indexOf(meant)]}"?` }),
    });
  };
  const timestamp = find("--timestamp", how.timestamp, TIME_COLUMNS);
  if (timestamp < 0) {
    throw new InputError({
      where: { file, line: 1, column: 1 },
      got: `the header ${header.join(",").slice(0, 120)}`,
      expected: "a column with the time",
      remedy: "Name it with --timestamp",
    });
  }
  for (const [name, rule] of Object.entries(how.rules)) if (rule !== undefined) find(`--${name}`, rule.field, []);
  return { names, timestamp, value: find("--value", how.value, VALUE_COLUMNS) };
}

function timestampAt(
  file: string,
  line: number,
  columns: Columns,
  cells: readonly string[],
  reader: TimestampReader,
  beforeMs: number,
): number {
  const text = cells[columns.timestamp] ?? "";
  const atMs = reader.read(text, beforeMs);
  if (!Number.isNaN(atMs)) return atMs;
  throw new InputError({
    where: { file, line, column: columnOf(cells, columns.timestamp) },
    got: `the timestamp "${text.slice(0, 40)}"`,
    expected: reader.lackedZone
      ? "one with its offset from UTC"
      : reader.neverWas
        ? "a time at an instant that the clock showed: that zone's clocks were put forward past it"
        : "ISO-8601 or Unix time",
    remedy: reader.lackedZone
      ? "Name the zone with --timezone, for example UTC or Europe/Berlin"
      : reader.neverWas
        ? "Is it another zone's? Name the right one with --timezone"
        : "Mend it at that place",
  });
}

function valueAt(text: string | undefined, place: SourcePlace): number {
  if (text === undefined || text === "" || /^(nan|null|na|n\/a)$/i.test(text)) return Number.NaN;
  if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) return Number(text);
  throw new InputError({
    where: place,
    got: `the value "${text.slice(0, 40)}"`,
    expected: "a number of requests; empty = unknown",
  });
}

function columnOf(cells: readonly string[], index: number): number {
  return cells.slice(0, index).reduce((sum, cell) => sum + cell.length + 1, 1);
}
