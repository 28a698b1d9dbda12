import { bucketMiddle, type LogHistogram } from "./histogram.js";

/** A quantile of partly censored times. */
export interface CensoredQuantile {
  readonly value: number;
  /**
   * True if the quantile lies beyond the records. `value` is then the longest time seen, and the
   * quantile is at least that.
   */
  readonly isLowerBound: boolean;
}

/** A bucket in which times end: its upper bound, and the share of all times that exceed it. */
interface SurvivalStep {
  readonly upperMs: number;
  readonly share: number;
}

/**
 * The share of times above each bucket in which a time ends, ascending (Kaplan and Meier 1958):
 * S(t) = Π (1 − dᵢ/nᵢ) over the buckets up to t, where dᵢ of the nᵢ times at risk end in bucket i.
 * Within a bucket, ends come before censorings.
 */
export function survival(ended: LogHistogram, censored: LogHistogram): SurvivalStep[] {
  const [times, cuts] = [ended.buckets(), censored.buckets()];
  const steps: SurvivalStep[] = [];
  let atRisk = ended.count + censored.count;
  let share = 1;
  let cut = 0;
  for (let i = 0; i < times.counts.length; i++) {
    for (; cut < cuts.counts.length && cuts.upperMs[cut] < times.upperMs[i]; cut++) atRisk -= cuts.counts[cut];
    share *= 1 - times.counts[i] / atRisk;
    atRisk -= times.counts[i];
    steps.push({ upperMs: times.upperMs[i], share });
  }
  return steps;
}

/**
 * The quantile of times, some of which are only known to exceed a value: the smallest t with S(t) ≤
 * 1 − probability. Without censored times it is the quantile of `ended`. Exact to 0.8 %, as the
 * histogram. NaN if both are empty.
 */
export function kaplanMeierQuantile(
  ended: LogHistogram,
  censored: LogHistogram,
  probability: number,
): CensoredQuantile {
  if (censored.count === 0) return { value: ended.quantile(probability), isLowerBound: false };
  // 1e-12: products of many factors; 1 − 0.99 is 0.010000000000000009.
  const allowed = (1 - probability) * (1 + 1e-12) + 1e-15;
  const step = survival(ended, censored).find(({ share }) => share <= allowed);
  if (step !== undefined) {
    const middle = bucketMiddle(step.upperMs);
    return { value: Math.min(Math.max(middle, ended.min), ended.max), isLowerBound: false };
  }
  return { value: Math.max(censored.max, ended.count === 0 ? 0 : ended.max), isLowerBound: true };
}

/** Times compared with a bound, which may lie inside a bucket. */
export interface TimesAtBound {
  readonly boundMs: number;
  /** The exact number of ends at or below the bound. */
  readonly endedWithin: number;
  /** Further times that are known to exceed the bound, and are in neither histogram. */
  readonly beyond: number;
}

/**
 * The share of times above a bound (Kaplan and Meier's S), where some times are only known to
 * exceed a value. 0 if no time is known to exceed the bound: the longest censored times may end
 * within it.
 */
export function kaplanMeierShareAbove(ended: LogHistogram, censored: LogHistogram, at: TimesAtBound): number {
  const { boundMs, endedWithin, beyond } = at;
  const total = ended.count + censored.count + beyond;
  const isAnyBeyond = beyond > 0 || ended.count > endedWithin || censored.max > boundMs;
  if (total === 0 || !isAnyBeyond) return 0;
  // No censored time below the bound: a plain share, free of the rounding of long products.
  if (!(censored.min <= boundMs)) return (total - endedWithin) / total;
  const [times, cuts] = [ended.buckets(), censored.buckets()];
  let atRisk = total;
  let survival = 1;
  let left = endedWithin;
  let cut = 0;
  for (let i = 0; i < times.counts.length && left > 0; i++) {
    for (; cut < cuts.counts.length && cuts.upperMs[cut] < times.upperMs[i]; cut++) {
      if (cuts.upperMs[cut] <= boundMs) atRisk -= cuts.counts[cut];
    }
    const ends = Math.min(left, times.counts[i]);
    survival *= 1 - ends / atRisk;
    atRisk -= ends;
    left -= ends;
  }
  return Math.max(0, survival);
}
