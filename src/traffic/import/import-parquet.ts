import { readFile } from "node:fs/promises";
import { InputError } from "../../base/errors.js";
import { Binner } from "./binner.js";
import type { CsvImport } from "./import-csv.js";
import type { Imported } from "./import-log.js";
import { SampledSeries } from "./sampled-series.js";

/** The file is held in memory while it is read. */
const MAX_BYTES = 2_000_000_000;
const MAX_ROWS = 50_000_000;
const TIME_COLUMNS = ["timestamp", "time", "datetime", "date", "ts"];
const VALUE_COLUMNS = ["value", "count", "requests", "hits"];

/** Reads one Parquet file with chosen columns, as `importCsv` does with a CSV. Throws InputError. */
export async function importParquet(file: string, how: CsvImport): Promise<Imported> {
  const { parquetMetadataAsync, parquetReadObjects } = await import("hyparquet");
  const bytes = await readBytes(file);
  const buffer = {
    byteLength: bytes.byteLength,
    slice: (start: number, end?: number) => toArrayBuffer(bytes, start, end),
  };
  let rows: Record<string, unknown>[];
  let names: string[];
  try {
    const metadata = await parquetMetadataAsync(buffer);
    if (Number(metadata.num_rows) > MAX_ROWS)
      throw new InputError({ where: file, got: `${metadata.num_rows} rows`, expected: `at most ${MAX_ROWS}` });
    names = metadata.schema.filter((element) => element.num_children === undefined).map((element) => element.name);
    const wanted = columnsOf(file, names, how);
    rows = (await parquetReadObjects({ file: buffer, metadata, columns: wanted })) as Record<string, unknown>[];
  } catch (error) {
    if (error instanceof InputError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError({
      where: file,
      got: `Parquet that cannot be read (${message.slice(0, 120)})`,
      expected: "a whole Parquet file",
    });
  }
  return gather(file, names, rows, how);
}

function gather(
  file: string,
  names: readonly string[],
  rows: readonly Record<string, unknown>[],
  how: CsvImport,
): Imported {
  const timestamp = find(names, how.timestamp, TIME_COLUMNS) as string;
  const value = find(names, how.value, VALUE_COLUMNS);
  const binner = new Binner(file, how.binMs, how.rules);
  const sampled = new SampledSeries(file, how.rules);
  let requests = 0;
  rows.forEach((row, i) => {
    const atMs = instantOf(row[timestamp], how);
    const place = `${file}, row ${i + 1}`;
    if (Number.isNaN(atMs)) {
      const got = `the timestamp ${String(row[timestamp]).slice(0, 40)}`;
      throw new InputError({
        where: place,
        got,
        expected: "a timestamp",
        remedy: "Name the column with --timestamp, the zone with --timezone",
      });
    }
    if (atMs < how.fromMs || atMs >= how.toMs) return;
    const field = (name: string): string | undefined =>
      row[name] === undefined || row[name] === null ? undefined : String(row[name]);
    if (value === undefined) {
      requests++;
      binner.add(atMs, 1, field);
      return;
    }
    const written = row[value];
    const count = written === null || written === undefined ? Number.NaN : Number(written);
    if (Number.isFinite(count)) requests += count;
    sampled.add(atMs, count, field, place);
  });
  const table = value === undefined ? binner.table() : sampled.table(() => 1);
  return { table, requests, broken: 0, firstBroken: undefined };
}

function columnsOf(file: string, names: readonly string[], how: CsvImport): string[] {
  const timestamp = find(names, how.timestamp, TIME_COLUMNS);
  const value = find(names, how.value, VALUE_COLUMNS);
  const fields = Object.values(how.rules).flatMap((rule: { field: string } | undefined) =>
    rule === undefined ? [] : [rule.field],
  );
  const missing = [how.timestamp, how.value, ...fields].find((name) => name !== undefined && !names.includes(name));
  if (timestamp === undefined || missing !== undefined) {
    const got = missing === undefined ? "no column with the time" : `no column "${missing}"`;
    throw new InputError({
      where: file,
      got,
      expected: `one of ${names.join(", ")}`,
      remedy: "Name it with --timestamp or --value",
    });
  }
  return [...new Set([timestamp, ...(value === undefined ? [] : [value]), ...fields])];
}

function find(names: readonly string[], wanted: string | undefined, usual: readonly string[]): string | undefined {
  return wanted ?? names.find((name) => usual.includes(name.toLowerCase()));
}

/** Dates as such; whole numbers as Unix time; texts as the timestamp reader takes them. */
function instantOf(value: unknown, how: CsvImport): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "bigint" || typeof value === "number") return how.timestamps.read(String(value));
  return typeof value === "string" ? how.timestamps.read(value) : Number.NaN;
}

async function readBytes(file: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new InputError({
      where: file,
      got: code === "ENOENT" ? "no such file" : `a file that cannot be read (${code})`,
    });
  }
  if (bytes.length > MAX_BYTES)
    throw new InputError({ where: file, got: `${bytes.length} bytes`, expected: `at most ${MAX_BYTES}` });
  return bytes;
}

function toArrayBuffer(bytes: Buffer, start: number, end?: number): ArrayBuffer {
  const part = bytes.subarray(start, end);
  return part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength) as ArrayBuffer;
}
