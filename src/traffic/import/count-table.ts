import { isUnknown, looksNumeric } from "./csv-dialect.js";

/** Bins below a second are no table of counts: that is a log of single requests. */
const SMALLEST_BIN_MS = 1000;
/**
 * Share of the distances in time that must equal the smallest: tables have few gaps, logs few equal
 * distances.
 */
const REGULAR_SHARE = 0.8;
/** With a column of text beside the numbers, only a table without gaps is taken for one. */
const REGULAR_SHARE_WITH_TEXT = 1;

/**
 * Columns that hold nothing but numbers (and unknown values) in these rows, at least one number.
 */
export function numericColumns(rows: readonly (readonly string[])[], columns: readonly number[]): number[] {
  return columns.filter((column) => {
    const cells = rows.map((row) => row[column] ?? "").filter((cell) => !isUnknown(cell));
    return cells.length > 0 && cells.every(looksNumeric);
  });
}

/**
 * Do the rows look like a table of counts rather than like single requests? They do when some
 * columns are numbers, the instants lie on an equal grid, and each instant has the same rows: one,
 * or one per combination of the columns of text. `atMs` are the rows' instants (NaN = none),
 * `columns` those other than the time.
 */
export function looksLikeCounts(
  rows: readonly (readonly string[])[],
  atMs: readonly number[],
  columns: readonly number[],
): boolean {
  const numeric = numericColumns(rows, columns);
  if (numeric.length === 0 || atMs.some(Number.isNaN)) return false;
  const labels = columns.filter((column) => !numeric.includes(column));
  const groups = groupsOf(rows, atMs, labels);
  if (groups.length < 2) return false;
  const [first] = groups;
  if (groups.some(({ labels: own }) => own !== first.labels) || first.hasTwins) return false;
  return isGrid(
    groups.map((group) => group.atMs),
    labels.length === 0 ? REGULAR_SHARE : REGULAR_SHARE_WITH_TEXT,
  );
}

interface Group {
  readonly atMs: number;
  /** The combinations of labels at this instant, sorted, as one text. */
  readonly labels: string;
  /** Two rows of one combination. */
  readonly hasTwins: boolean;
}

function groupsOf(rows: readonly (readonly string[])[], atMs: readonly number[], labels: readonly number[]): Group[] {
  const keys = rows.map((row) => labels.map((column) => row[column] ?? "").join("\u0000"));
  const groups: Group[] = [];
  for (let from = 0; from < rows.length; ) {
    let to = from;
    while (to < rows.length && atMs[to] === atMs[from]) to++;
    const own = keys.slice(from, to).sort();
    groups.push({ atMs: atMs[from], labels: own.join("\u0001"), hasTwins: new Set(own).size < own.length });
    from = to;
  }
  // The sample may cut the last instant's rows.
  if (groups.length > 2) groups.pop();
  return groups;
}

function isGrid(atMs: readonly number[], regularShare: number): boolean {
  const steps = atMs.slice(1).map((at, i) => at - atMs[i]);
  const direction = Math.sign(steps[0]);
  if (steps.some((step) => Math.sign(step) !== direction || direction === 0)) return false;
  const widths = steps.map(Math.abs);
  const smallest = widths.reduce((least, width) => Math.min(least, width), Number.POSITIVE_INFINITY);
  if (smallest < SMALLEST_BIN_MS || widths.some((width) => width % smallest !== 0)) return false;
  return widths.filter((width) => width === smallest).length >= regularShare * widths.length;
}
