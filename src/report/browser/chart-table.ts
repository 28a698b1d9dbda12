/** A value of a chart's data. */
type Cell = number | string | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/**
 * A column in few characters: equal steps, words with their positions, or the values themselves.
 */
type Column =
  | { readonly from: number; readonly step: number }
  | { readonly words: readonly string[]; readonly at: readonly number[] }
  | readonly Cell[];

/** The data of a chart as stored in the page, column by column. */
export interface ChartTable {
  readonly rows: number;
  readonly columns: readonly (readonly [field: string, column: Column])[];
}

/** A table with fewer rows is stored as it is. */
const LEAST_ROWS = 3;

/** Rows as columns; a field that a row lacks is null. */
export function encodeTable(rows: readonly Row[]): ChartTable {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    rows: rows.length,
    columns: fields.map((field) => [field, encodeColumn(rows.map((row) => row[field] ?? null))] as const),
  };
}

/** The rows of a table, each with every field. */
export function decodeTable({ rows, columns }: ChartTable): Row[] {
  const decoded = columns.map(([field, column]) => [field, decodeColumn(column, rows)] as const);
  return Array.from({ length: rows }, (_unused, row) =>
    Object.fromEntries(decoded.map(([field, values]) => [field, values[row]])),
  );
}

function encodeColumn(values: readonly Cell[]): Column {
  if (values.length < LEAST_ROWS) return values;
  return asSteps(values) ?? asWords(values) ?? values;
}

function asSteps(values: readonly Cell[]): Column | undefined {
  const [from, next] = values;
  if (typeof from !== "number" || typeof next !== "number") return undefined;
  const step = next - from;
  return values.every((value, i) => value === from + i * step) ? { from, step } : undefined;
}

function asWords(values: readonly Cell[]): Column | undefined {
  if (!values.every((value) => typeof value === "string")) return undefined;
  const words = [...new Set(values)];
  if (words.length > values.length / 2) return undefined;
  const places = new Map(words.map((word, i) => [word, i]));
  return { words, at: values.map((value) => places.get(value) as number) };
}

function decodeColumn(column: Column, rows: number): readonly Cell[] {
  if ("from" in column) return Array.from({ length: rows }, (_unused, i) => column.from + i * column.step);
  return "words" in column ? column.at.map((place) => column.words[place]) : column;
}
