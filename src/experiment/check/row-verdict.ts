import { withStep } from "../../base/paired-verdict.js";
import { stepDownPs } from "../../base/sign-flip.js";
import { variance } from "../../base/statistics.js";
import { studentQuantile } from "../../base/student.js";
import { type MetricFigures, roundedLike } from "./figures.js";
import type { Tolerance } from "./regression-file.js";

/**
 * `identical`: same decisions and same figures. `cannot-tell`: neither a change nor equivalence is
 * shown.
 */
export type RowVerdict = "identical" | "same" | "improved" | "regressed" | "cannot-tell";

/** One metric of one policy: the figures of before and of now over the same replications. */
export interface RowEvidence {
  readonly before: MetricFigures;
  readonly now: MetricFigures;
  readonly tolerance: Tolerance;
  readonly lowerIsBetter: boolean;
  /** All replications decided alike. */
  readonly sameDecisions: boolean;
  /**
   * Each replication's contribution to the difference of a ratio or a percentile, for the test
   * (see PairedParts in world). Absent for a mean, whose differences are tested themselves.
   */
  readonly parts?: Float64Array | undefined;
  /** The smallest change of the metric in one replication (see metricStep in world). */
  readonly step: number;
  /** Standard deviation of paired differences to expect from a change; undefined = unknown. */
  readonly noise: number | undefined;
}

export interface JudgedRow {
  readonly verdict: RowVerdict;
  /** now − before. */
  readonly delta: number;
  /**
   * Of the paired 95 % interval, widened by the metric's step as `judge` in base does; 0 where all
   * figures are equal.
   */
  readonly halfWidth: number;
  /** In the metric's own unit. */
  readonly tolerance: number;
  /** Adjusted for all rows of the gate. */
  readonly p: number;
  /**
   * The smallest change, relative to the baseline, that this row calls regressed or improved in
   * 80 % of cases; null if the baseline is 0, or if no p can reach alpha with its few replications.
   */
  readonly sees: number | null;
  /** Replications that would decide the row; null if it is decided. */
  readonly needs: number | null;
}

const CONFIDENCE = 0.95;
const POWER = 0.8;
/** More than this many replications are not proposed. */
const MOST_PROPOSED = 100_000;
/** Relative differences below this come from rounding. */
const ROUNDING = 1e-9;

/**
 * Judges all rows of a gate at once: the exact sign-flip test per row, adjusted by step-down max-T
 * over all rows (Westfall, Young 1993). A gate on which nothing changed then fails with a
 * probability of at most `alpha`. A row is *regressed* or *improved* only if the change is shown (p
 * ≤ alpha) and exceeds the tolerance; *same* if the 95 % interval lies within the tolerance.
 */
export function judgeRows(rows: readonly RowEvidence[], alpha: number): JudgedRow[] {
  const longest = Math.max(0, ...rows.map((row) => row.before.values.length));
  const differences = rows.map((row) => differencesOf(row));
  // Rows with fewer replications are padded with zeros, which no sign changes.
  const tested = rows.map((row, i) =>
    isZero(row, differences[i]) ? new Float64Array(0) : testedOf(row, differences[i]),
  );
  const ps = stepDownPs(tested.map((row) => Float64Array.from({ length: longest }, (_, r) => row[r] ?? 0)));
  return rows.map((row, i) => judgeRow(row, differences[i], ps[i], alpha));
}

/** A percentile with only a lower bound is not compared: zeros. */
function differencesOf(row: RowEvidence): Float64Array {
  const { before, now } = row;
  if (isLowerBound(row)) return new Float64Array(before.values.length);
  return Float64Array.from(before.values, (value, r) => roundedLike(now.values[r], before) - value);
}

function isLowerBound({ before, now }: RowEvidence): boolean {
  return before.atLeast === true || now.atLeast === true;
}

function testedOf(row: RowEvidence, differences: Float64Array): Float64Array {
  return isLowerBound(row) ? differences : (row.parts ?? differences);
}

/** Whether all differences come from rounding. */
function isZero({ before, now }: RowEvidence, differences: Float64Array): boolean {
  const rounding = ROUNDING * Math.max(Math.abs(before.mean), Math.abs(now.mean));
  const delta = roundedLike(now.mean, before) - before.mean;
  return differences.every((value) => Math.abs(value) <= rounding) && Math.abs(delta) <= rounding;
}

function judgeRow(row: RowEvidence, differences: Float64Array, p: number, alpha: number): JudgedRow {
  const { before, now, lowerIsBetter } = row;
  const n = differences.length;
  const delta = roundedLike(now.mean, before) - before.mean;
  const spread = Math.sqrt(variance(differences) / n);
  const plain = studentQuantile(0.5 + CONFIDENCE / 2, n - 1) * spread;
  const halfWidth = withStep(plain, row.step, n, CONFIDENCE);
  const tolerance =
    row.tolerance.kind === "absolute" ? row.tolerance.amount : row.tolerance.share * Math.abs(before.mean);
  const isSame = isZero(row, differences);
  const known = { delta: isSame ? 0 : delta, halfWidth: isSame ? 0 : halfWidth, tolerance, p };
  const sees = smallestSeen(row, differences, { tolerance, isSame }, alpha);
  const judged = (verdict: RowVerdict): JudgedRow => ({ ...known, verdict, sees, needs: null });
  // More replications would not decide it: too many requests still wait when the run ends.
  if (isLowerBound(row) && !(row.sameDecisions && delta === 0)) return { ...judged("cannot-tell"), delta };
  if (isSame) return judged(row.sameDecisions ? "identical" : "same");
  if (p <= alpha && Math.abs(delta) > tolerance) return judged(delta < 0 === lowerIsBetter ? "improved" : "regressed");
  if (Math.abs(delta) + halfWidth <= tolerance) return judged("same");
  return { ...known, verdict: "cannot-tell", sees, needs: replicationsNeeded(delta, halfWidth, tolerance, n, alpha) };
}

/**
 * The replications at which the interval would leave the tolerance on one side: half widths shrink
 * as 1/√n. At least as many as the sign-flip test needs.
 */
function replicationsNeeded(delta: number, halfWidth: number, tolerance: number, n: number, alpha: number): number {
  const least = leastReplications(alpha);
  const distance = Math.abs(Math.abs(delta) - tolerance);
  const ratio = distance > 0 ? halfWidth / distance : Number.POSITIVE_INFINITY;
  return Math.min(MOST_PROPOSED, Math.max(least, n + 1, Math.ceil(n * ratio * ratio)));
}

/**
 * (t₁₋α/₂ + t_power)·s/√n of the difference (Lehr 1992 for the normal case), and not less than what
 * lies beyond the tolerance in 80 % of cases; relative to the baseline's value. The step of the
 * metric adds to s as it adds to the interval (see withStep in base).
 */
function smallestSeen(
  { before, noise, step }: RowEvidence,
  differences: Float64Array,
  { tolerance, isSame }: { readonly tolerance: number; readonly isSame: boolean },
  alpha: number,
): number | null {
  const n = differences.length;
  if (before.mean === 0 || n < leastReplications(alpha)) return null;
  const measured = isSame ? (noise ?? Math.sqrt(2 * variance(before.values))) : Math.sqrt(variance(differences));
  const spread = Math.hypot(measured, step / Math.sqrt(6)) / Math.sqrt(n);
  const [shown, likely] = [1 - alpha / 2, POWER].map((quantile) => studentQuantile(quantile, n - 1) * spread);
  return Math.max(shown + likely, tolerance + likely) / Math.abs(before.mean);
}

/** As many as the sign-flip test needs to reach alpha: 2/2ⁿ ≤ alpha. */
function leastReplications(alpha: number): number {
  return Math.ceil(1 + Math.log2(1 / alpha));
}

/** Standard deviation of the paired differences of two lists of figures. */
export function pairedDeviation(a: MetricFigures, b: MetricFigures): number {
  const differences = Float64Array.from(a.values, (value, r) => b.values[r] - value);
  return differences.length < 2 ? Number.NaN : Math.sqrt(variance(differences));
}

/** The verdict of a gate from those of its rows: the worst one counts. */
export function verdictOf(rows: readonly RowVerdict[]): RowVerdict {
  const order: readonly RowVerdict[] = ["regressed", "cannot-tell", "improved", "same", "identical"];
  return order.find((verdict) => rows.includes(verdict)) ?? "identical";
}
