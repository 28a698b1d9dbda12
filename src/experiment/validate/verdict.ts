import { controlledEstimate } from "../../base/control-variates.js";
import { estimate } from "../../base/statistics.js";
import { studentQuantile } from "../../base/student.js";
import type { Check, ReferenceEstimate } from "./row.js";

export type CheckVerdict = "pass" | "outside the interval" | "interval too wide";

/** One number of the table, simulated against exact. */
export interface CheckOutcome {
  readonly quantity: string;
  readonly unit: "" | "s";
  readonly simulated: number;
  /**
   * Of the simulated value (with a reference: of the difference) at `confidence`; null with too
   * few replications.
   */
  readonly halfWidth: number | null;
  readonly confidence: number;
  /** Mean and half-width without the controls, as plain replications give them. */
  readonly plain: { readonly mean: number; readonly halfWidth: number | null };
  readonly exact: number;
  /** (simulated − exact) / exact. */
  readonly relativeError: number;
  /** Half-width relative to the exact value, and the widest that counts. */
  readonly relativeHalfWidth: number | null;
  readonly widestHalfWidth: number;
  readonly verdict: CheckVerdict;
}

/**
 * Whether a check holds: the exact value lies in the confidence interval, and the interval is
 * narrow enough. `values[i]` and `controls[q][i]` come from replication i.
 */
export function judge(
  check: Check,
  exact: number | ReferenceEstimate,
  values: readonly number[],
  controls: readonly (readonly number[])[],
  confidence: number,
  widening: number,
): CheckOutcome {
  const plain = estimate(values, confidence);
  const own = controlledEstimate(values, check.controlled ? controls : [], confidence);
  const target = typeof exact === "number" ? exact : exact.mean;
  const halfWidth = typeof exact === "number" ? own.halfWidth : differenceWidth(own, exact, confidence);
  const widestHalfWidth = check.widestHalfWidth * widening;
  const relativeHalfWidth = halfWidth / Math.abs(target);
  const edge = (check.edge ?? 0) * widening * Math.abs(target);
  const inside = Math.abs(own.mean - target) <= halfWidth + edge;
  const narrow = relativeHalfWidth <= widestHalfWidth;
  return {
    quantity: check.quantity,
    unit: check.unit,
    simulated: own.mean,
    halfWidth: finiteOrNull(halfWidth),
    confidence,
    plain: { mean: plain.mean, halfWidth: plain.halfWidth },
    exact: target,
    relativeError: (own.mean - target) / target,
    relativeHalfWidth: finiteOrNull(relativeHalfWidth),
    widestHalfWidth,
    verdict: !narrow ? "interval too wide" : inside ? "pass" : "outside the interval",
  };
}

/**
 * Two independent means: their variances add up; the smaller degrees of freedom are conservative
 * (Welch 1947).
 */
function differenceWidth(
  own: { readonly halfWidth: number; readonly degrees: number },
  reference: ReferenceEstimate,
  confidence: number,
): number {
  const ownError = own.halfWidth / studentQuantile(0.5 + confidence / 2, own.degrees);
  const quantile = studentQuantile(0.5 + confidence / 2, Math.min(own.degrees, reference.n - 1));
  return quantile * Math.sqrt(ownError * ownError + reference.standardError * reference.standardError);
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
