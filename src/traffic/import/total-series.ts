import { InputError } from "../../base/errors.js";
import type { TraceTable } from "../../world/scenario/resources.js";

/** Of two equal series, neither is known to be a total. */
const FEWEST_SERIES = 3;
/** In fewer bins with requests, a series may equal the sum of the others by chance. */
const FEWEST_BINS = 10;
const RELATIVE_ERROR = 1e-9;

/**
 * Refuses a series that is the sum of the others in every bin: a row "all" or "total" among the
 * regions would count each request twice. Throws InputError.
 */
export function refuseTotal(where: string, { values, series }: TraceTable): void {
  if (values.length < FEWEST_SERIES) return;
  const sums = values[0].map((_, bin) => values.reduce((sum, column) => sum + column[bin], 0));
  const total = values.findIndex((column) => isHalf(column, sums));
  if (total < 0) return;
  const { region, format, segment } = series[total];
  throw new InputError({
    code: "HR1406",
    where,
    got:
      `the series ${[region, format, segment].filter((label) => label !== "").join(", ")}, ` +
      "the sum of all others in each bin",
    expected: "each request once",
    remedy: "Leave the rows of the total out of the file",
  });
}

/** Whether a column is half of these sums wherever they are known, and not 0. */
function isHalf(column: Float64Array, sums: Float64Array): boolean {
  let bins = 0;
  for (let i = 0; i < sums.length; i++) {
    if (Number.isNaN(sums[i]) || sums[i] === 0) continue;
    if (Math.abs(2 * column[i] - sums[i]) > RELATIVE_ERROR * sums[i]) return false;
    bins++;
  }
  return bins >= FEWEST_BINS;
}
