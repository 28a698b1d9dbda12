import { InputError, type SourcePlace } from "../../base/errors.js";
import { requestsOf } from "../whole-bins.js";
import { Binner } from "./binner.js";
import {
  type CsvDialect,
  type DecimalMark,
  dialectOf,
  looksNumeric,
  mayHaveThousands,
  numberOf,
} from "./csv-dialect.js";
import { type CsvRecord, csvRecords } from "./csv-records.js";
import { readStart } from "./file-start.js";
import type { Imported } from "./import-log.js";
import type { LabelRules } from "./label-rule.js";
import { metricField, OneMetric } from "./one-metric.js";
import { SampledSeries } from "./sampled-series.js";
import { columnsOf, describeColumns, type TableColumns, timeText } from "./table-columns.js";
import { TimestampReader } from "./timestamp.js";
import { requestsPerValue, type ValueMeaning } from "./value-meaning.js";

/** Rows that decide what the columns are. */
const SAMPLE_ROWS = 1000;
/** A last row of sums, as spreadsheets write it. */
const TOTAL = /^(?:grand )?(?:total|sum|summe|gesamt)$/i;

export interface CsvImport {
  readonly timestamps: TimestampReader;
  /** Column names as in the header, any case, or #3 for the third; undefined = a usual name. */
  readonly timestamp: string | undefined;
  /** "none" = each row is one request. */
  readonly value: string | undefined;
  /** What a value means; undefined = a count, unless its column is named like a rate. */
  readonly values?: ValueMeaning | undefined;
  /** How numbers are written; undefined = with a point and without thousands. */
  readonly decimal?: DecimalMark;
  readonly rules: LabelRules;
  /** For rows that are single requests. */
  readonly binMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly signal: AbortSignal;
}

/**
 * Reads one CSV with a header and chosen columns: a count per row, or a request per row. Throws
 * InputError with line and column.
 */
export async function importCsv(file: string, how: CsvImport): Promise<Imported> {
  const dialect = dialectOf(await readStart(file));
  const records = csvRecords(file, dialect);
  const { header, sample } = await startOf(file, records, how.signal);
  checkHeader(file, header, how.timestamps);
  const columns = columnsOf(
    {
      place: { file, line: header.line, column: 1 },
      header: header.record,
      rows: sample.map(({ record }) => record),
      instantOf: how.timestamps.probe(),
    },
    how,
  );
  const rows = new CsvRows(file, columns, how, dialect);
  for (const one of sample) rows.add(one);
  for await (const one of records) {
    how.signal.throwIfAborted();
    rows.add(one);
  }
  return rows.imported();
}

/** Refuses a first line of data: as a header, it would be lost. */
function checkHeader(file: string, { line, record }: CsvRecord, { options }: TimestampReader): void {
  const reader = new TimestampReader("UTC", options);
  const time = record.find((name) => !Number.isNaN(reader.read(name)));
  if (time === undefined) return;
  throw new InputError({
    code: "HR1403",
    where: { file, line, column: 1 },
    got: `a first line with a time in it (${time.slice(0, 40)})`,
    expected: "a header that names the columns",
    remedy: "Write one above it, for example timestamp,value",
  });
}

async function startOf(
  file: string,
  records: AsyncGenerator<CsvRecord>,
  signal: AbortSignal,
): Promise<{ header: CsvRecord; sample: CsvRecord[] }> {
  const first = await records.next();
  if (first.done === true)
    throw new InputError({ code: "HR1109", where: file, got: "an empty file", expected: "a CSV with a header" });
  const sample: CsvRecord[] = [];
  while (sample.length < SAMPLE_ROWS) {
    signal.throwIfAborted();
    const next = await records.next();
    if (next.done === true) break;
    sample.push(next.value);
  }
  return { header: first.value, sample };
}

/** Adds the rows one by one and returns the trace. */
class CsvRows {
  private readonly binner: Binner;
  private readonly sampled: SampledSeries;
  private cells: readonly string[] = [];
  private beforeMs = Number.NEGATIVE_INFINITY;
  /**
   * Counts of one series ascend, row by row: a time that occurs twice is read by the row before.
   */
  private readonly ascends: boolean;
  private total: CsvRecord | undefined;
  private readonly metrics = new OneMetric();
  /** The position of the column that names the metric; -1 if there is none. */
  private readonly metricColumn: number;

  constructor(
    private readonly file: string,
    private readonly columns: TableColumns,
    private readonly how: CsvImport,
    private readonly dialect: CsvDialect,
  ) {
    this.binner = new Binner(file, how.binMs, how.rules);
    this.sampled = new SampledSeries(file, how.rules);
    this.metricColumn = columns.header.indexOf(metricField(columns.header, how.rules) ?? "");
    this.ascends = Object.values(how.rules).every((rule) => rule === undefined);
  }

  add(row: CsvRecord): void {
    const { columns, how } = this;
    if (this.total !== undefined) this.instantAt(this.total);
    if (columns.value >= 0 && TOTAL.test(timeText(columns, row.record))) {
      this.total = row;
      return;
    }
    this.checkWidth(row);
    this.checkMetric(row);
    this.cells = row.record;
    const atMs = this.instantAt(row);
    if (this.ascends && columns.value >= 0) this.beforeMs = atMs;
    if (atMs < how.fromMs || atMs >= how.toMs) return;
    if (columns.value < 0) {
      this.binner.add(atMs, 1, this.field);
      return;
    }
    const place = { file: this.file, line: row.line, column: columnOf(row.record, columns.value) };
    const value = this.valueAt(row.record[columns.value] ?? "", place);
    this.sampled.add(atMs, value, this.field, place);
  }

  imported(): Imported {
    const { columns, dialect, sampled } = this;
    const table =
      columns.value < 0 ? this.binner.table() : sampled.table((binMs) => requestsPerValue(columns.meaning, binMs));
    const separator = dialect.separator === "\t" ? "tab" : `"${dialect.separator}"`;
    const readAs = [describeColumns(columns), ...(dialect.separator === "," ? [] : [`separated by ${separator}`])];
    if (sampled.descends) readAs.push("newest row first");
    if (this.total !== undefined) readAs.push(`line ${this.total.line} left out as a row of sums`);
    const written = `${readAs.join(", ")}${sampled.counterWarning}`;
    return { table, requests: requestsOf(table), broken: 0, firstBroken: undefined, readAs: written };
  }

  private checkMetric({ line, record }: CsvRecord): void {
    const { file, metricColumn } = this;
    if (metricColumn < 0) return;
    this.metrics.add(record[metricColumn], { file, line, column: columnOf(record, metricColumn) });
  }

  /** A value such as 1,300 without quotes is two cells: its first part would be taken for all. */
  private checkWidth({ line, record }: CsvRecord): void {
    const { length } = this.columns.header;
    if (record.length <= length || record.slice(length).every((cell) => cell === "")) return;
    throw new InputError({
      code: "HR1112",
      where: { file: this.file, line, column: columnOf(record, length) },
      got: `a row of ${record.length} cells under a header of ${length}`,
      expected: "no more cells than the header has",
      remedy: `Quote values with a "${this.dialect.separator}" in them, or name each column in the header`,
    });
  }

  private readonly field = (name: string): string | undefined => {
    const position = this.columns.fields.get(name);
    return position === undefined ? undefined : this.cells[position];
  };

  private instantAt({ line, record }: CsvRecord): number {
    const { timestamps } = this.how;
    const text = timeText(this.columns, record);
    const atMs = timestamps.read(text, this.beforeMs);
    if (!Number.isNaN(atMs)) return atMs;
    throw new InputError({
      code: "HR1405",
      where: { file: this.file, line, column: columnOf(record, this.columns.time[0]) },
      got: `the timestamp "${text.slice(0, 40)}"`,
      ...timestamps.fault,
    });
  }

  private valueAt(text: string, place: SourcePlace): number {
    const { decimal } = this.how;
    const value = numberOf(text, decimal);
    // In files with semicolons, 1.300 may well be 1300.
    const isTwofold = decimal === undefined && this.dialect.separator === ";" && mayHaveThousands(text);
    if (value !== undefined && !isTwofold) return value;
    throw new InputError({
      code: "HR1404",
      where: place,
      got: `the value "${text.slice(0, 40)}"`,
      expected: "a number of requests; empty = unknown",
      remedy: remedyOf(text),
    });
  }
}

/** A number with blanks or apostrophes between its digits, or with a unit. */
const DRESSED = /^[-+]?\d[\d.,'’\s]*[^\d]*$/;

function remedyOf(value: string): string {
  if (looksNumeric(value))
    return "Say how numbers are written: --decimal comma for 1.234,5, or --decimal point for 1,234.5";
  if (DRESSED.test(value))
    return (
      "Write numbers without units, blanks and apostrophes (in " +
      "Grafana: switch off Formatted data before the download)"
    );
  return "Mend it at that place, or say --value none where each row is one request";
}

function columnOf(cells: readonly string[], index: number): number {
  return cells.slice(0, index).reduce((sum, cell) => sum + cell.length + 1, 1);
}
