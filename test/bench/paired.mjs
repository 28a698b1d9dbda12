// Paired measurements: rounds of (ours, theirs), their ratios, and a verdict by an exact sign-flip
// test.
import { median } from "./measure.mjs";

/**
 * If a difference at least as large has a smaller chance than this under "no difference", the
 * verdict names a direction.
 */
const SIGNIFICANCE = 0.05;
/** 2^14 sign patterns are enumerated; more pairs than this are not measured. */
export const MOST_PAIRS = 14;
/** With fewer pairs, no pattern of signs is rarer than 5 %: 2 / 2^6 = 3 %. */
export const LEAST_PAIRS = 6;

/**
 * Exact two-sided sign-flip test (Fisher 1935) of "the mean of the log ratios is 0".
 * Returns the share of sign patterns whose absolute sum reaches the measured one.
 */
export function signFlipChance(logRatios) {
  const patterns = 2 ** logRatios.length;
  const seen = Math.abs(logRatios.reduce((sum, value) => sum + value, 0));
  let reached = 0;
  for (let pattern = 0; pattern < patterns; pattern++) {
    let sum = 0;
    for (let i = 0; i < logRatios.length; i++) sum += (pattern >> i) & 1 ? -logRatios[i] : logRatios[i];
    if (Math.abs(sum) >= seen - 1e-12) reached++;
  }
  return reached / patterns;
}

/** `pairs`: [{ours, theirs}], both > 0. `moreIsBetter` for rates such as events per second. */
export function judge(pairs, moreIsBetter = false) {
  const ratios = pairs.map(({ ours, theirs }) => ours / theirs);
  const chance = signFlipChance(ratios.map(Math.log));
  const ratio = median(ratios);
  const spread = { low: Math.min(...ratios), high: Math.max(...ratios) };
  if (pairs.length < LEAST_PAIRS || chance > SIGNIFICANCE || ratio === 1) {
    return { ratio, ...spread, chance, verdict: "cannot tell" };
  }
  return { ratio, ...spread, chance, verdict: ratio > 1 === moreIsBetter ? "faster" : "slower" };
}
