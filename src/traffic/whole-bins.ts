import { formatInstant } from "../base/calendar.js";
import { InputError } from "../base/errors.js";
import { formatDuration } from "../base/units.js";
import type { TraceTable } from "../world/scenario/resources.js";

/**
 * The largest count of one value in a trace or an import: sums of a million of them are still
 * finite, and no service gets near it. More is a slip, or another quantity.
 */
export const MOST_REQUESTS = 1e15;

/** The bins that lie entirely in [fromMs, toMs). Throws InputError if fewer than two are left. */
export function cutTo(table: TraceTable, fromMs: number, toMs: number): TraceTable {
  const bins = table.values[0].length;
  const first = Math.max(0, Math.ceil((fromMs - table.startMs) / table.binMs));
  const end = Math.min(bins, Math.floor((toMs - table.startMs) / table.binMs));
  if (first === 0 && end === bins) return table;
  if (end - first < 2) {
    const lastMs = table.startMs + bins * table.binMs;
    throw new InputError({
      code: "HR1407",
      where: table.file,
      got: `${Math.max(0, end - first)} whole bins of ${formatDuration(table.binMs)} between --from and --to`,
      expected: `at least two within ${formatInstant(table.startMs)} to ${formatInstant(lastMs)}`,
    });
  }
  return {
    ...table,
    startMs: table.startMs + first * table.binMs,
    values: table.values.map((column) => column.slice(first, end)),
  };
}

/**
 * Sums counts into wider bins that begin at whole multiples of `binMs`. A bin with an unknown
 * part is unknown. Partial bins at both ends are left out. Throws InputError if `binMs` is no
 * multiple.
 */
export function widened(table: TraceTable, binMs: number): TraceTable {
  if (binMs === table.binMs) return table;
  const parts = binMs / table.binMs;
  const startMs = Math.ceil(table.startMs / binMs) * binMs;
  const skipped = (startMs - table.startMs) / table.binMs;
  if (!Number.isInteger(parts) || !Number.isInteger(skipped)) {
    throw new InputError({
      code: "HR1406",
      where: "--bin",
      got:
        `${formatDuration(binMs)} for counts per ` +
        `${formatDuration(table.binMs)} from ${formatInstant(table.startMs)} on`,
      expected: `a multiple of ${formatDuration(table.binMs)}, on the same grid`,
      remedy: "Counts can be summed into wider bins, not split: leave --bin out to keep their own width",
    });
  }
  const bins = Math.floor((table.values[0].length - skipped) / parts);
  if (bins < 2) {
    throw new InputError({
      code: "HR1407",
      where: "--bin",
      got: `${Math.max(0, bins)} whole bins of ${formatDuration(binMs)}`,
      expected: "at least two",
      remedy: "Choose a smaller --bin",
    });
  }
  const values = table.values.map((column) =>
    Float64Array.from({ length: bins }, (_, i) => {
      const from = skipped + i * parts;
      return column.subarray(from, from + parts).reduce((sum, value) => sum + value, 0);
    }),
  );
  return { ...table, startMs, binMs, values };
}

/** The sum of all known counts. */
export function requestsOf(table: TraceTable): number {
  const known = (value: number): number => (Number.isNaN(value) ? 0 : value);
  return table.values.reduce((sum, column) => column.reduce((part, value) => part + known(value), sum), 0);
}
