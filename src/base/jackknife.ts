import { adjustedSkewness, skewnessTerm } from "./skewness.js";
import { mean } from "./statistics.js";
import { studentQuantile } from "./student.js";

/** A statistic of all replications, and its values with one replication left out. */
export interface Jackknifed {
  readonly all: number;
  /**
   * `without[r]`: the statistic without replication r; undefined if it then does not exist. Empty
   * if n < 2.
   */
  readonly without: readonly (number | undefined)[];
}

/**
 * Computes a statistic of all n replications, and n times with one left out. Undefined if the whole
 * has none.
 */
export function jackknifed(
  n: number,
  statistic: (left: number | undefined) => number | undefined,
): Jackknifed | undefined {
  const all = statistic(undefined);
  if (all === undefined) return undefined;
  const without: (number | undefined)[] = [];
  for (let r = 0; n > 1 && r < n; r++) without.push(statistic(r));
  return { all, without };
}

/**
 * Half the width of the delete-one jackknife's interval (Tukey 1958; Efron and Stein 1981):
 * Student's t with n − 1 degrees of freedom times √((n−1)/n · Σ(θ₍₋ᵣ₎ − mean θ₍₋ᵣ₎)²). For a mean
 * this is the ordinary Student interval. null if n < 2, or if the statistic does not exist without
 * some replication.
 */
export function jackknifeHalfWidth(
  { without }: Jackknifed,
  confidence: number,
  degrees = without.length - 1,
): number | null {
  const error = standardError(without);
  return error === undefined ? null : studentQuantile(0.5 + confidence / 2, degrees) * error;
}

/**
 * As jackknifeHalfWidth, widened for the skewness of the replications' parts: days of long queues
 * are rare and weigh much. The interval of the mean wait of an M/M/10 at ρ = .9 then covers in
 * 93.5 % (5 replications) and 94.5 % (20) of samples, instead of 91.3 and 92.2 % (40,000 samples
 * from 16,000 runs). Where the parts are normal it covers in 96.3 and 95.6 %.
 */
export function skewedHalfWidth({ without }: Jackknifed, confidence: number): number | null {
  const n = without.length;
  const error = standardError(without);
  if (error === undefined) return null;
  const t = studentQuantile(0.5 + confidence / 2, n - 1);
  // The sign is reversed: without a replication far above the others, the statistic is low.
  const parts = without.map((value) => -(value ?? 0));
  return (t + skewnessTerm(adjustedSkewness(parts), n, t)) * error;
}

/** Undefined where n < 2, or where a value is unknown. */
function standardError(without: Jackknifed["without"]): number | undefined {
  const n = without.length;
  const known = without.filter((value) => value !== undefined);
  if (n < 2 || known.length < n) return undefined;
  const centre = mean(known);
  let squares = 0;
  for (const value of known) squares += (value - centre) * (value - centre);
  return Math.sqrt(((n - 1) / n) * squares);
}

/**
 * candidate − baseline of two statistics of the same replications. Both leave out the same
 * replication.
 */
export function jackknifedDifference(candidate: Jackknifed, baseline: Jackknifed): Jackknifed {
  return {
    all: candidate.all - baseline.all,
    without: candidate.without.map((value, r) => {
      const base = baseline.without[r];
      return value === undefined || base === undefined ? undefined : value - base;
    }),
  };
}
