import { readFile } from "node:fs/promises";
import type { SchemaElement } from "hyparquet";
import { InputError } from "../../base/errors.js";
import { checkRegularFile } from "../regular-file.js";
import { requestsOf } from "../whole-bins.js";
import { Binner } from "./binner.js";
import type { CsvImport } from "./import-csv.js";
import type { Imported } from "./import-log.js";
import { metricField, OneMetric } from "./one-metric.js";
import { SampledSeries } from "./sampled-series.js";
import { columnsOf, describeColumns, type TableColumns } from "./table-columns.js";
import { requestsPerValue } from "./value-meaning.js";

/** The file is held in memory while it is read. */
const MAX_BYTES = 2_000_000_000;
const MAX_ROWS = 50_000_000;
/** Rows that decide what the columns are. */
const SAMPLE_ROWS = 1000;

/**
 * Reads one Parquet file with chosen columns, as `importCsv` does with a CSV. Throws InputError.
 */
export async function importParquet(file: string, how: CsvImport): Promise<Imported> {
  const { parquetMetadataAsync, parquetReadObjects } = await import("hyparquet");
  const bytes = await readBytes(file);
  const buffer = {
    byteLength: bytes.byteLength,
    slice: (start: number, end?: number) => toArrayBuffer(bytes, start, end),
  };
  let rows: Record<string, unknown>[];
  let columns: TableColumns;
  let local: ReadonlySet<string>;
  try {
    const metadata = await parquetMetadataAsync(buffer);
    if (Number(metadata.num_rows) > MAX_ROWS)
      throw new InputError({
        code: "HR1104",
        where: file,
        got: `${metadata.num_rows} rows`,
        expected: `at most ${MAX_ROWS}`,
      });
    const header = metadata.schema.filter((one) => one.num_children === undefined).map((one) => one.name);
    local = new Set(metadata.schema.filter(isLocalTime).map((one) => one.name));
    const first = await parquetReadObjects({ file: buffer, metadata, rowEnd: SAMPLE_ROWS });
    const sample = (first as Record<string, unknown>[]).map((row) =>
      header.map((name) => cellText(row[name], local.has(name))),
    );
    columns = columnsOf({ place: { file }, header, rows: sample, instantOf: how.timestamps.probe() }, how);
    const metric = header.indexOf(metricField(header, how.rules) ?? "");
    const used = [
      ...columns.time,
      ...(metric < 0 ? [] : [metric]),
      ...columns.fields.values(),
      ...(columns.value < 0 ? [] : [columns.value]),
    ];
    const wanted = [...new Set(used)].map((column) => header[column]);
    rows = (await parquetReadObjects({ file: buffer, metadata, columns: wanted })) as Record<string, unknown>[];
  } catch (error) {
    if (error instanceof InputError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError({
      code: "HR1113",
      where: file,
      got: `Parquet that cannot be read (${message.slice(0, 120)})`,
      expected: "a whole Parquet file",
    });
  }
  return gather(file, columns, local, rows, how);
}

/** A timestamp that is not adjusted to UTC is local time, as one without an offset in a CSV. */
function isLocalTime({ logical_type: logical }: SchemaElement): boolean {
  return logical?.type === "TIMESTAMP" && !logical.isAdjustedToUTC;
}

function gather(
  file: string,
  columns: TableColumns,
  local: ReadonlySet<string>,
  rows: readonly Record<string, unknown>[],
  how: CsvImport,
): Imported {
  const { header, value, fields } = columns;
  const binner = new Binner(file, how.binMs, how.rules);
  const sampled = new SampledSeries(file, how.rules);
  const metrics = new OneMetric();
  const metric = metricField(header, how.rules) ?? "";
  rows.forEach((row, i) => {
    const place = `${file}, row ${i + 1}`;
    metrics.add(cellText(row[metric]), place);
    const text = columns.time.map((column) => cellText(row[header[column]], local.has(header[column]))).join(" ");
    const atMs = how.timestamps.read(text);
    if (Number.isNaN(atMs))
      throw new InputError({
        code: "HR1405",
        where: place,
        got: `the timestamp "${text.slice(0, 40)}"`,
        ...how.timestamps.fault,
      });
    if (atMs < how.fromMs || atMs >= how.toMs) return;
    const field = (name: string): string | undefined => {
      const position = fields.get(name);
      return position === undefined ? undefined : cellText(row[header[position]]) || undefined;
    };
    if (value < 0) {
      binner.add(atMs, 1, field);
      return;
    }
    const count = countOf(row[header[value]], place);
    sampled.add(atMs, count, field, place);
  });
  const table = value < 0 ? binner.table() : sampled.table((binMs) => requestsPerValue(columns.meaning, binMs));
  return { table, requests: requestsOf(table), broken: 0, firstBroken: undefined, readAs: describeColumns(columns) };
}

function countOf(written: unknown, place: string): number {
  if (written === null || written === undefined) return Number.NaN;
  const count = typeof written === "number" || typeof written === "bigint" ? Number(written) : undefined;
  if (count !== undefined) return count;
  throw new InputError({
    code: "HR1404",
    where: place,
    got: `the value "${cellText(written).slice(0, 40)}"`,
    expected: "a number of requests; null = unknown",
    remedy: "Name the column with the count with --value, or say --value none where each row is one request",
  });
}

/** A cell as a CSV would have it; the time of a local clock has no Z. */
function cellText(value: unknown, isLocal = false): string {
  if (value === null || value === undefined) return "";
  if (!(value instanceof Date)) return String(value);
  return isLocal ? value.toISOString().slice(0, -1) : value.toISOString();
}

async function readBytes(file: string): Promise<Buffer> {
  checkRegularFile(file, "a Parquet file");
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new InputError({
      code: "HR1101",
      where: file,
      got: code === "ENOENT" ? "no such file" : `a file that cannot be read (${code})`,
    });
  }
  if (bytes.length > MAX_BYTES)
    throw new InputError({
      code: "HR1104",
      where: file,
      got: `${bytes.length} bytes`,
      expected: `at most ${MAX_BYTES}`,
    });
  return bytes;
}

function toArrayBuffer(bytes: Buffer, start: number, end?: number): ArrayBuffer {
  const part = bytes.subarray(start, end);
  return part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength) as ArrayBuffer;
}
