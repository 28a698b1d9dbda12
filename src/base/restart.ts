import type { Distribution } from "./distribution.js";

const POINTS = 2048;

/**
 * A lower bound of the expected time spent per success, if attempts of this law may be stopped and
 * started again: inf over τ of E[min(X, τ)] / P(X ≤ τ), in ms (Luby, Sinclair, Zuckerman 1993). It
 * also bounds several attempts that race: each of them, stopped at any time, spends at least this
 * much per success. At most the mean; equal to it for the constant and the exponential law.
 */
export function leastTimePerSuccessMs(law: Distribution): number {
  if (law.law.kind === "constant" || law.law.kind === "exponential") return law.mean;
  let least = law.mean;
  let spentMs = 0;
  let fromMs = 0;
  for (let i = 1; i <= POINTS; i++) {
    const untilMs = law.quantile((i - 0.5) / POINTS);
    const next = law.survival(untilMs);
    // Below the curve: a lower sum keeps the result a lower bound.
    spentMs += (untilMs - fromMs) * next;
    if (next < 1) least = Math.min(least, spentMs / (1 - next));
    fromMs = untilMs;
  }
  return least;
}
