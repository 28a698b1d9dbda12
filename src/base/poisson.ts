import { assert } from "./assert.js";
import { normalQuantile } from "./normal.js";

/** Terms below this share of the sum no longer count. */
const NEGLIGIBLE = 1e-17;
/** A tail of 10 million erlangs needs about 30,000 terms; more is a mistake in the bounds. */
const MOST_TERMS = 10_000_000;

/**
 * P(X = k) of a Poisson law with this mean ≥ 0, by Loader's saddle-point form (2000), which keeps
 * 14 digits where k! would not fit: e^(−δ(k) − D(k, mean)) / √(2πk).
 */
export function poissonMass(k: number, mean: number): number {
  check(k, mean);
  if (mean === 0) return k === 0 ? 1 : 0;
  if (k === 0) return Math.exp(-mean);
  return Math.exp(-stirlingError(k) - deviance(k, mean)) / Math.sqrt(2 * Math.PI * k);
}

/** P(X ≥ k), summed from the side that is smaller. */
export function poissonTail(k: number, mean: number): number {
  check(k, mean);
  if (k === 0) return 1;
  if (mean === 0) return 0;
  if (k > mean) return poissonMass(k, mean) * upward(k, mean);
  return Math.max(0, 1 - poissonMass(k - 1, mean) * downward(k - 1, mean));
}

/** 1 + m/(k+1) + m²/((k+1)(k+2)) + …, k ≥ m − 1. */
function upward(k: number, mean: number): number {
  let term = 1;
  let sum = 1;
  for (let i = k + 1; term > NEGLIGIBLE * sum && i < k + MOST_TERMS; i++) {
    term *= mean / i;
    sum += term;
  }
  return sum;
}

/** 1 + k/m + k(k−1)/m² + …, k ≤ m. */
function downward(k: number, mean: number): number {
  let term = 1;
  let sum = 1;
  for (let i = k; i > 0 && term > NEGLIGIBLE * sum; i--) {
    term *= i / mean;
    sum += term;
  }
  return sum;
}

/**
 * The least k with P(X ≥ k) ≤ target, 0 < target ≤ 1: a start by the normal quantile, then steps of
 * one mass each.
 */
export function poissonCapacity(mean: number, target: number): number {
  assert(target > 0 && target <= 1, `${target} is no share to aim at (0 < target ≤ 1)`);
  check(0, mean);
  if (target >= 1) return 0;
  if (mean === 0) return 1;
  const z = normalQuantile(1 - Math.max(target, 1e-15));
  // Cornish and Fisher's (1938) term for the skewness 1/√m.
  let k = Math.max(0, Math.round(mean + z * Math.sqrt(mean) + (z * z - 1) / 6));
  let tail = poissonTail(k, mean);
  while (tail > target) {
    tail -= poissonMass(k, mean);
    k++;
    // Differences of nearly equal numbers lose digits: fresh near the target.
    if (tail <= target * 1.5) tail = poissonTail(k, mean);
  }
  while (k > 0) {
    const lower = poissonTail(k - 1, mean);
    if (lower > target) break;
    k--;
  }
  return k;
}

/** ln k! − (k + ½) ln k + k − ½ ln 2π: exact below 16, Stirling's series above. */
function stirlingError(k: number): number {
  if (k < 16) {
    let logFactorial = 0;
    for (let i = 2; i <= k; i++) logFactorial += Math.log(i);
    return logFactorial - (k + 0.5) * Math.log(k) + k - 0.9189385332046727;
  }
  const k2 = k * k;
  return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * k2)) / k2) / k2) / k;
}

/**
 * k ln(k/m) + m − k, by a series where k is near m and the terms would cancel (Loader 2000, bd0).
 */
function deviance(k: number, mean: number): number {
  const difference = k - mean;
  if (Math.abs(difference) >= 0.1 * (k + mean)) return k * Math.log(k / mean) + mean - k;
  const v = difference / (k + mean);
  let sum = difference * v;
  let term = 2 * k * v;
  for (let i = 1; i < 1000; i++) {
    term *= v * v;
    const next = sum + term / (2 * i + 1);
    if (next === sum) return sum;
    sum = next;
  }
  return sum;
}

function check(k: number, mean: number): void {
  assert(Number.isInteger(k) && k >= 0, `${k} is no count`);
  assert(mean >= 0 && Number.isFinite(mean), `${mean} is no mean of a Poisson law`);
}
