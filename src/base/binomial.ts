import { regularisedBeta } from "./beta.js";

/**
 * P(X ≥ successes) for a binomial X: `trials` independent trials, each a success with probability
 * `probability`.
 */
export function binomialTail(successes: number, trials: number, probability: number): number {
  if (successes <= 0) return 1;
  if (successes > trials || probability <= 0) return 0;
  return regularisedBeta(probability, successes, trials - successes + 1);
}

/**
 * The exact two-sided interval of a share (Clopper and Pearson 1934): each side errs with
 * probability at most (1 − confidence) / 2.
 */
export function shareInterval(
  successes: number,
  trials: number,
  confidence: number,
): { readonly low: number; readonly high: number } {
  const side = (1 + confidence) / 2;
  return {
    low: shareLowerBound(successes, trials, side),
    high: 1 - shareLowerBound(trials - successes, trials, side),
  };
}

/**
 * The exact one-sided lower bound of a share: the p with P(X ≥ successes | p) = 1 − confidence,
 * found by bisection. 0 without a success.
 */
export function shareLowerBound(successes: number, trials: number, confidence: number): number {
  if (successes <= 0) return 0;
  let low = 0;
  let high = 1;
  // 64 halvings end at neighbouring doubles.
  for (let i = 0; i < 64; i++) {
    const middle = (low + high) / 2;
    if (binomialTail(successes, trials, middle) < 1 - confidence) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Does this prove, with this confidence, that the share is at least `share`? 59 of 59 prove 95 %
 * with 95 % confidence: .95⁵⁹ = .0485.
 */
export function provesShare(successes: number, trials: number, share: number, confidence: number): boolean {
  if (share <= 0) return true;
  // A certainty cannot be proved by trials.
  if (share >= 1) return false;
  return binomialTail(successes, trials, share) <= 1 - confidence;
}

/** More trials than this are not searched. */
const MOST_TRIALS = 1_000_000;

/**
 * The number of trials that prove the share if at most `failures` of them fail, found by
 * bisection: with the same failures, more trials prove a larger share. Undefined beyond a million
 * trials, and for a share of 1.
 */
export function trialsToProve(failures: number, share: number, confidence: number): number | undefined {
  const proves = (trials: number): boolean => provesShare(trials - failures, trials, share, confidence);
  if (!proves(MOST_TRIALS)) return undefined;
  let low = failures;
  let high = MOST_TRIALS;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (proves(middle)) high = middle;
    else low = middle;
  }
  return high;
}
