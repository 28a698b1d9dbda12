import type { Distribution } from "./distribution.js";

const POINTS = 2048;

/**
 * The least expected time that must be spent per success when attempts of this law may be given up and started again:
 * inf over τ of E[min(X, τ)] / P(X ≤ τ), in ms (Luby, Sinclair, Zuckerman 1993). It bounds racing several attempts as well: each attempt alone, stopped
 * at whatever time, spends at least this much per success. Never above the mean; equal to it for the constant and the exponential law.
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
