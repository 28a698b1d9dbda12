import { assert } from "./assert.js";
import { RandomStream } from "./random.js";

/**
 * Up to this many replications every pattern of signs is tried: 2¹⁵ of them, since a pattern and
 * its mirror give the same.
 */
export const MOST_ENUMERATED = 16;
/** Beyond that, this many patterns are drawn. The standard error of a p of 0.05 is then 0.0015. */
const DRAWN_PATTERNS = 20_000;
/**
 * Statistics that differ by less, relatively, are equal: sums in another order differ by about
 * 1e-15 of themselves.
 */
const TIE = 1e-9;

/**
 * Two-sided p of the hypothesis that paired differences are symmetric about 0 (Fisher 1935, §21):
 * the share of sign patterns whose mean is at least as far from 0 as the mean seen. Exact up to 16
 * differences, else from a sample of patterns that is always the same. The least p that n
 * differences can give is 2/2ⁿ, so that five never come below 0.0625. 1 where all are 0. Throws
 * where a difference is not finite.
 */
export function signFlipP(differences: Float64Array): number {
  return stepDownPs([differences])[0];
}

/**
 * The p of each row, adjusted for there being many: step-down max-T (Westfall, Young 1993,
 * algorithm 4.1) over sign flips of the replications. `rows[k][r]` is the difference of metric k in
 * replication r; a flip turns the sign of a replication in all rows at once, so that their
 * dependence is kept. The probability that any true null hypothesis has an adjusted p ≤ α is at
 * most α. The statistic is Student's t of the row (by u = (Σd)²/Σd², which rises with t² and stays
 * finite without variance). Rows of zeros get 1. Throws where rows differ in length or a difference
 * is not finite.
 */
export function stepDownPs(rows: readonly Float64Array[]): Float64Array {
  const adjusted = new Float64Array(rows.length).fill(1);
  const squares = rows.map(sumOfSquares);
  const tested = rows.map((_, k) => k).filter((k) => squares[k] > 0);
  if (tested.length === 0) return adjusted;
  const replications = rows[tested[0]].length;
  const scaled = tested.map((k) => scaledRow(rows[k], squares[k], replications));
  const seen = scaled.map((row) => statistic(sum(row)));
  const order = scaled.map((_, i) => i).sort((a, b) => seen[b] - seen[a] || a - b);
  const ranked = order.map((i) => scaled[i]);
  const bounds = Float64Array.from(order, (i) => seen[i] * (1 - TIE));
  const ps = replications <= MOST_ENUMERATED ? enumerated(ranked, bounds) : drawn(ranked, bounds);
  let largest = 0;
  order.forEach((i, rank) => {
    largest = Math.max(largest, ps[rank]);
    adjusted[tested[i]] = largest;
  });
  return adjusted;
}

/**
 * All patterns in Gray's order: one replication changes its sign at each step. The last one keeps
 * its sign.
 */
function enumerated(ranked: readonly Float64Array[], bounds: Float64Array): Float64Array {
  const replications = ranked[0].length;
  const signs = new Int8Array(replications).fill(1);
  const sums = Float64Array.from(ranked, sum);
  const exceeded = new Float64Array(ranked.length);
  const patterns = 1 << (replications - 1);
  countExceeded(sums, bounds, exceeded);
  for (let step = 1; step < patterns; step++) {
    const turned = 31 - Math.clz32(step & -step);
    signs[turned] = -signs[turned];
    for (let k = 0; k < ranked.length; k++) sums[k] += 2 * signs[turned] * ranked[k][turned];
    countExceeded(sums, bounds, exceeded);
  }
  return exceeded.map((count) => count / patterns);
}

/**
 * The pattern that was seen counts as one of those drawn, so that p is never 0 (Phipson, Smyth
 * 2010).
 */
function drawn(ranked: readonly Float64Array[], bounds: Float64Array): Float64Array {
  const replications = ranked[0].length;
  const random = new RandomStream("sign-flip");
  const sums = Float64Array.from(ranked, sum);
  const exceeded = new Float64Array(ranked.length);
  countExceeded(sums, bounds, exceeded);
  const signs = new Int8Array(replications);
  for (let draw = 0; draw < DRAWN_PATTERNS; draw++) {
    for (let r = 0; r < replications; r++) signs[r] = random.uint32() < 0x8000_0000 ? 1 : -1;
    for (let k = 0; k < ranked.length; k++) {
      const row = ranked[k];
      let total = 0;
      for (let r = 0; r < replications; r++) total += signs[r] * row[r];
      sums[k] = total;
    }
    countExceeded(sums, bounds, exceeded);
  }
  return exceeded.map((count) => count / (DRAWN_PATTERNS + 1));
}

/**
 * Ranks rows by their statistic, largest first. Each is compared with the maximum over itself and
 * the rows after it.
 */
function countExceeded(sums: Float64Array, bounds: Float64Array, exceeded: Float64Array): void {
  let largest = 0;
  for (let k = sums.length - 1; k >= 0; k--) {
    largest = Math.max(largest, statistic(sums[k]));
    if (largest >= bounds[k]) exceeded[k]++;
  }
}

/** u = (Σd)²/Σd² of a row that is scaled to Σd² = 1. */
function statistic(sumOfScaled: number): number {
  return sumOfScaled * sumOfScaled;
}

function scaledRow(row: Float64Array, squares: number, replications: number): Float64Array {
  assert(row.length === replications, `rows of ${row.length} and of ${replications} replications`);
  return row.map((value) => value / Math.sqrt(squares));
}

function sumOfSquares(row: Float64Array): number {
  let squares = 0;
  for (const value of row) squares += value * value;
  assert(Number.isFinite(squares), `differences that are not finite: ${row.join(", ")}`);
  return squares;
}

function sum(row: Float64Array): number {
  let total = 0;
  for (const value of row) total += value;
  return total;
}
