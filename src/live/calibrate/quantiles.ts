/**
 * Probabilities of a profile's quantiles: denser in the tail, as far as the sample
 * reaches.
 */
const PROBABILITIES = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 1];

/**
 * The p-quantile of a sorted sample, linear between order statistics (type 7 of Hyndman, Fan 1996).
 */
export function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

export function sortedOf(values: Iterable<number>): Float64Array {
  return Float64Array.from(values).sort();
}

export function median(values: Iterable<number>): number {
  return quantile(sortedOf(values), 0.5);
}

/** Pairs of probability and value, as `spawn: {profile}` reads them; to the microsecond. */
export function quantileTable(values: Iterable<number>): [number, number][] {
  const sorted = sortedOf(values);
  return PROBABILITIES.map((p) => [p, rounded(quantile(sorted, p))]);
}

/** Quantiles of a sample and its size. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

export function spreadOf(values: Iterable<number>): Spread {
  const sorted = sortedOf(values);
  const at = (p: number): number => rounded(quantile(sorted, p));
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
