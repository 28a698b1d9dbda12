import { InputError } from "../../base/errors.js";
import { requestsOf } from "../whole-bins.js";
import { looksLikeCounts, numericColumns } from "./count-table.js";
import { numberOf } from "./csv-dialect.js";
import { readStart } from "./file-start.js";
import type { Imported, LogImport } from "./import-log.js";
import type { JsonLog } from "./json-log.js";
import { readLines } from "./line-reader.js";
import { metricField, OneMetric } from "./one-metric.js";
import { SampledSeries } from "./sampled-series.js";
import { NO_VALUE, VALUE_COLUMNS } from "./table-columns.js";
import { describeMeaning, meaningOf, requestsPerValue, type ValueMeaning } from "./value-meaning.js";

/** Lines that decide whether they are counts or single requests. */
const SAMPLE_LINES = 1000;

/**
 * The key with the count in a file of JSON lines; undefined if each line is one request. It asks
 * the user in two cases: the lines look like counts without a key of a usual name, or there is
 * such a key and the lines do not look like counts. A guess could be wrong without notice. Throws
 * InputError.
 */
export async function countKeyOf(file: string, format: JsonLog, wanted: string | undefined) {
  if (wanted !== undefined) return wanted === NO_VALUE ? undefined : wanted;
  const { keys, rows, atMs } = sampleOf(await readStart(file), format);
  const columns = keys.map((_, column) => column);
  const numeric = numericColumns(rows, columns);
  const usual = numeric.filter((column) => VALUE_COLUMNS.includes(keys[column].toLowerCase()));
  const isTable = looksLikeCounts(rows, atMs, columns);
  if (isTable && usual.length === 1) return keys[usual[0]];
  if (!isTable && usual.length === 0) return undefined;
  const candidates = (usual.length > 0 ? usual : numeric).map((column) => keys[column]);
  throw new InputError({
    code: "HR1403",
    where: file,
    got: isTable
      ? `lines at equal distances with numbers in ${quoted(candidates)}: they look like counts`
      : `numbers in ${quoted(candidates)}, but lines that are no table of counts`,
    expected: "the name of the key with the count, or that there is none",
    remedy: `Say --value ${candidates[0]}, or --value ${NO_VALUE} where each line is one request`,
  });
}

/** Reads JSON lines that hold counts, one line per bin and series. Throws InputError. */
export async function importJsonCounts(
  files: readonly string[],
  format: JsonLog,
  key: string,
  how: Omit<LogImport, "format" | "lenient"> & { readonly values?: ValueMeaning | undefined },
): Promise<Imported> {
  const meaning = meaningOf(files[0], key, how.values);
  const sampled = new SampledSeries(files.join(", "), how.rules);
  const field = (name: string): string | undefined => format.field(name);
  const metrics = new OneMetric();
  let known = 0;
  for (const file of files) {
    format.startFile();
    for await (const { lines, firstLine } of readLines(file)) {
      how.signal.throwIfAborted();
      for (const [i, line] of lines.entries()) {
        if (line.trim() === "") continue;
        const place = { file, line: firstLine + i, column: 1 };
        if (!format.parse(line))
          throw new InputError({ code: "HR1405", where: place, expected: "a count with its time", ...format.fault });
        metrics.add(field(metricField(format.keys, how.rules) ?? ""), place);
        if (format.atMs < how.fromMs || format.atMs >= how.toMs) continue;
        const value = numberOf(format.field(key) ?? "", undefined);
        if (value === undefined)
          throw new InputError({
            code: "HR1404",
            where: place,
            got: `the value "${format.field(key)?.slice(0, 40)}"`,
            expected: "a number of requests; null or no key = unknown",
          });
        if (Number.isFinite(value)) known += value;
        sampled.add(format.atMs, value, field, place);
      }
    }
  }
  if (known === 0) await checkKey(files[0], format, key);
  const readAs =
    `${format.timeFrom}, ${describeMeaning(meaning)} from ` +
    `"${key}"${sampled.descends ? ", newest line first" : ""}${sampled.counterWarning}`;
  const table = sampled.table((binMs) => requestsPerValue(meaning, binMs));
  return { table, requests: requestsOf(table), broken: 0, firstBroken: undefined, readAs };
}

/** A key that no line has would make a trace of unknown bins. */
async function checkKey(file: string, format: JsonLog, key: string): Promise<void> {
  const { keys, rows } = sampleOf(await readStart(file), format);
  const column = keys.indexOf(key);
  if (column >= 0 && rows.some((row) => row[column] !== "")) return;
  throw new InputError({
    code: "HR1403",
    where: file,
    got: `no key "${key}" (--value)`,
    expected: `one of ${keys.join(", ")}`,
  });
}

/** The first lines as a table: the keys with a plain value, without the time. */
function sampleOf(start: string, format: JsonLog) {
  const rows: Map<string, string>[] = [];
  const atMs: number[] = [];
  const keys = new Set<string>();
  // The last line may be incomplete.
  for (const line of start.split("\n").slice(0, SAMPLE_LINES)) {
    if (!format.parse(line)) continue;
    const cells = format.cells();
    for (const key of cells.keys()) keys.add(key);
    rows.push(cells);
    atMs.push(format.atMs);
  }
  const names = [...keys];
  return { keys: names, rows: rows.map((cells) => names.map((name) => cells.get(name) ?? "")), atMs };
}

function quoted(names: readonly string[]): string {
  return names
    .slice(0, 8)
    .map((name) => `"${name}"`)
    .join(", ");
}
