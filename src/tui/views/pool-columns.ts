import { Figure } from "../../world/watch/sample.js";
import { Bold, Colour, type Style } from "../cells/style.js";
import { percent, shortCount } from "./words.js";

/** A column of the table of pools. */
export interface PoolColumn {
  readonly name: string;
  /** In cells, at least: longer texts make it wider. */
  readonly least: number;
  /** What is shown and sorted by; NaN = unknown, which sorts last. */
  value(figures: Float64Array, slots: number): number;
  text(value: number): string;
  style?(value: number): Style;
}

/** The most telling first: a narrow box shows as many as fit. */
export const POOL_COLUMNS: readonly PoolColumn[] = [
  { name: "ready", least: 6, value: (f) => f[Figure.ready], text: shortCount },
  { name: "want", least: 5, value: (f) => f[Figure.desired], text: shortCount },
  {
    name: "used",
    least: 6,
    value: usedShare,
    text: (share) => percent(share).replace(" ", ""),
    style: (share) => (share > 0.95 ? Colour.red : Colour.plain),
  },
  {
    name: "wait",
    least: 5,
    value: (f) => f[Figure.waiting],
    text: shortCount,
    style: (waiting) => (waiting > 0 ? Colour.red | Bold : Colour.plain),
  },
  { name: "spawn", least: 6, value: (f) => f[Figure.spawning], text: shortCount },
  { name: "drain", least: 6, value: (f) => f[Figure.draining], text: shortCount },
  { name: "open", least: 6, value: (f) => f[Figure.open], text: shortCount },
  { name: "parked", least: 7, value: (f) => f[Figure.parked], text: shortCount },
  {
    name: "lost",
    least: 6,
    value: (f) => f[Figure.rejected] + f[Figure.abandoned] + f[Figure.interrupted],
    text: shortCount,
  },
];

/** What the pools are sorted by. */
export interface PoolOrder {
  /** Index into POOL_COLUMNS; −1 = as the scenario lists them. */
  readonly column: number;
  readonly direction: "down" | "up";
}

export const AS_LISTED: PoolOrder = { column: -1, direction: "down" };

/**
 * The columns that fit a width, the most important ones. The one that the pools are sorted by is
 * always among them; it takes the last place if needed.
 */
export function columnsWithin(
  width: number,
  { column }: PoolOrder,
  widthOf: (column: PoolColumn) => number,
): readonly PoolColumn[] {
  const sorted = POOL_COLUMNS[column];
  const shown = new Set(sorted === undefined || widthOf(sorted) > width ? [] : [sorted]);
  let left = width - (shown.size === 0 ? 0 : widthOf(sorted));
  for (const one of POOL_COLUMNS) {
    if (shown.has(one)) continue;
    left -= widthOf(one);
    // A later column is less telling, even where it is narrow enough.
    if (left < 0) break;
    shown.add(one);
  }
  return POOL_COLUMNS.filter((one) => shown.has(one));
}

/** Pools in order. Equal ones keep their listed order; those of unknown value come last. */
export function inOrder(
  pools: readonly number[],
  { column, direction }: PoolOrder,
  valueIn: (pool: number, column: PoolColumn) => number,
): readonly number[] {
  const sorted = POOL_COLUMNS[column];
  if (sorted === undefined) return pools;
  const values = new Map(pools.map((pool) => [pool, valueIn(pool, sorted)]));
  const sign = direction === "down" ? -1 : 1;
  const rank = (pool: number): number => {
    const value = values.get(pool) ?? Number.NaN;
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : sign * value;
  };
  return [...pools].sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b)));
}

function usedShare(figures: Float64Array, slots: number): number {
  const ready = figures[Figure.ready] * slots;
  return ready === 0 ? Number.NaN : (figures[Figure.open] - figures[Figure.openDraining]) / ready;
}
