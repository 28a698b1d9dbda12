import { studentQuantile } from "./student.js";

/** Verdict on a candidate against a baseline. */
export const VERDICTS = ["better", "worse", "same", "no difference shown", "cannot tell"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Relative differences below this are rounding: sums in another order differ by as much. */
const ROUNDING = 1e-9;
/**
 * An interval within ±1 % of the baseline means *same*: an operator would decide nothing else.
 */
const SAME_WITHIN = 0.01;

/** A paired difference (candidate − baseline) over n replications. */
export interface PairedEvidence {
  readonly delta: number;
  /** Of the confidence interval; null if n < 2. */
  readonly halfWidth: number | null;
  readonly n: number;
  readonly baseline: number;
  readonly candidate: number;
}

export interface JudgedDifference {
  readonly verdict: Verdict;
  /** Widened if the metric has steps. */
  readonly halfWidth: number | null;
  /** Whether the difference and its interval are no larger than rounding errors. */
  readonly isRounding: boolean;
}

/**
 * The verdict of a paired difference, and its interval.
 * - *cannot tell*: one replication, or a value that is not finite.
 * - *same*: the difference is at the level of rounding, or the whole interval lies within ±1 % of
 *   the baseline's value (and includes 0).
 * - *better* or *worse*: the interval excludes 0.
 * - *no difference shown*: all other cases.
 *
 * `step` is the metric's smallest change in a replication: 1 for a count, 0 for a continuous
 * metric. Two equal differences make Student's interval vanish, and counts give them by chance:
 * with 2 replications of a Poisson count of 1, 11 % of null worlds would get a verdict. So the
 * variance of rounding both values to a step (step²/12 each; Sheppard 1898) is added to the
 * variance of their difference. False verdicts are then at most 5 % at 2, 3, 5 and 10 replications
 * for Poisson counts of any mean (test/base/paired-verdict.test.ts).
 */
export function judge(
  evidence: PairedEvidence,
  lowerIsBetter: boolean,
  step: number,
  confidence: number,
): JudgedDifference {
  const { delta, halfWidth, n, baseline, candidate } = evidence;
  if (halfWidth === null || ![delta, halfWidth, baseline].every(Number.isFinite))
    return { verdict: "cannot tell", halfWidth, isRounding: false };
  if (isRounding(evidence)) return { verdict: "same", halfWidth, isRounding: true };
  const widened = withStep(halfWidth, step, n, confidence);
  const isShown = Math.abs(delta) > Math.max(widened, roundingOf(baseline, candidate));
  const isNear = liesNear(delta, widened, baseline);
  const word = delta < 0 === lowerIsBetter ? "better" : "worse";
  return {
    verdict: isShown ? word : isNear ? "same" : "no difference shown",
    halfWidth: widened,
    isRounding: false,
  };
}

/** Whether the whole interval of a difference lies within ±1 % of the baseline's value. */
export function liesNear(delta: number, halfWidth: number, baseline: number): boolean {
  return Math.abs(delta) + halfWidth <= SAME_WITHIN * Math.abs(baseline);
}

/** Whether a difference and its interval are no larger than the rounding of sums. */
function isRounding({ delta, halfWidth, baseline, candidate }: Omit<PairedEvidence, "n">): boolean {
  const rounding = roundingOf(baseline, candidate);
  return Math.abs(delta) <= rounding && halfWidth !== null && halfWidth <= rounding;
}

function roundingOf(baseline: number, candidate: number): number {
  return ROUNDING * Math.max(Math.abs(baseline), Math.abs(candidate));
}

/** The verdict as a table shows it: *same* states its margin, unless the values are identical. */
export function verdictText(verdict: Verdict, evidence: Omit<PairedEvidence, "n">): string {
  return verdict === "same" && !isRounding(evidence) ? "same within 1 %" : verdict;
}

/** true for better, false for worse, null for all else. */
export function isBetter(verdict: Verdict | undefined): boolean | null {
  return verdict === "better" ? true : verdict === "worse" ? false : null;
}

/** The half width with the variance of two values rounded to `step`: step²/6 per replication. */
export function withStep(halfWidth: number, step: number, n: number, confidence: number): number {
  if (step === 0) return halfWidth;
  return Math.hypot(halfWidth, (studentQuantile(0.5 + confidence / 2, n - 1) * step) / Math.sqrt(6 * n));
}
