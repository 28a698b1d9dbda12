import type { Bins } from "./hour-profile.js";

/**
 * A bin belongs to a crowd when it exceeds this multiple of what is expected, and this many of the
 * series' usual deviations.
 */
const HEIGHT = 2;
const DEVIATIONS = 8;
/** Median absolute deviation of a normal variable. */
const NORMAL_MAD = 0.6745;
const HOUR_MS = 3_600_000;

/** A burst that the time of day does not explain. */
export interface FlashCrowd {
  readonly firstBin: number;
  readonly lastBin: number;
  readonly peakBin: number;
  /** Highest count over what was expected there, less 1. */
  readonly height: number;
  /** Time from the peak until its height above the expectation has fallen to 1/e, in ms. */
  readonly decayMs: number;
}

/** Finds crowds: bins far above `expected`, joined when less than an hour apart. */
export function findFlashCrowds(bins: Bins, expected: Float64Array): FlashCrowd[] {
  const { values, binMs } = bins;
  const unit = DEVIATIONS * usualDeviation(values, expected);
  const isHigh = (i: number): boolean =>
    values[i] > HEIGHT * expected[i] && values[i] - expected[i] > unit * Math.sqrt(Math.max(1, expected[i]));
  const mostGap = Math.max(1, Math.round(HOUR_MS / binMs));
  const crowds: FlashCrowd[] = [];
  for (let i = 0; i < values.length; i++) {
    if (!isHigh(i)) continue;
    let last = i;
    for (let j = i + 1; j < values.length && j - last <= mostGap; j++) if (isHigh(j)) last = j;
    crowds.push(describe(bins, expected, i, last));
    i = last;
  }
  return crowds;
}

/** Robust spread of the counts about what is expected, in Poisson deviations; at least 1. */
function usualDeviation(values: Float64Array, expected: Float64Array): number {
  const distances = new Float64Array(values.length);
  let known = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i]))
      distances[known++] = Math.abs(values[i] - expected[i]) / Math.sqrt(Math.max(1, expected[i]));
  }
  const sorted = distances.subarray(0, known).sort();
  return known === 0 ? 1 : Math.max(1, sorted[known >> 1] / NORMAL_MAD);
}

function describe(bins: Bins, expected: Float64Array, firstBin: number, lastBin: number): FlashCrowd {
  const excess = (i: number): number => bins.values[i] / Math.max(expected[i], 1e-9) - 1;
  let peakBin = firstBin;
  for (let i = firstBin; i <= lastBin; i++) if (excess(i) > excess(peakBin)) peakBin = i;
  const height = excess(peakBin);
  let end = peakBin;
  while (end + 1 < bins.values.length && excess(end + 1) > height / Math.E) end++;
  return { firstBin, lastBin, peakBin, height, decayMs: Math.max(0.5, end - peakBin) * bins.binMs };
}
