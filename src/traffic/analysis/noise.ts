import type { Decomposition } from "./decompose.js";
import type { Bins } from "./hour-profile.js";

/** Autocovariances up to this lag measure how long the noise is correlated. */
const MOST_LAGS = 24;

/** Noise about the expected level, relative to it. */
export interface Noise {
  /** Standard deviation and bin-to-bin correlation of the part that lasts. */
  readonly sigma: number;
  readonly correlation: number;
  /** Standard deviation of the noise that is independent from bin to bin, beyond Poisson. */
  readonly white: number;
  /**
   * Variance of the counts about the expected level over their mean: 1 for Poisson (index of
   * dispersion; Cox, Lewis 1966).
   */
  readonly dispersion: number;
}

/**
 * Splits the residuals' autocovariance γ: Poisson noise and `white` only add to γ(0), an AR(1)
 * gives γ(k) = σ²ρᵏ. ρ is the one in [0, 1) whose σ²ρᵏ is nearest to γ(1…24) in least squares.
 */
export function measureNoise(bins: Bins, parts: Decomposition): Noise {
  const { values } = bins;
  const { expected, isQuiet } = parts;
  const residual = (i: number): number =>
    isQuiet[i] === 1 && expected[i] > 0 ? values[i] / expected[i] - 1 : Number.NaN;
  const residuals = Float64Array.from(values, (_, i) => residual(i));
  const covariances = Array.from({ length: MOST_LAGS + 1 }, (_, lag) => autocovariance(residuals, expected, lag));
  let squares = 0;
  let level = 0;
  let known = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(residuals[i])) continue;
    squares += (values[i] - expected[i]) * (values[i] - expected[i]);
    level += expected[i];
    known++;
  }
  if (known === 0) return { sigma: 0, correlation: 0, white: 0, dispersion: 1 };
  const { variance, correlation } = fitAr(covariances);
  const white = Math.max(0, covariances[0] - variance - known / level);
  return { sigma: inLogs(variance), correlation, white: inLogs(white), dispersion: level === 0 ? 1 : squares / level };
}

/**
 * Busy bins weigh more: the deviation of large counts matters, and a night's few requests say
 * little about it.
 */
function autocovariance(residuals: Float64Array, expected: Float64Array, lag: number): number {
  let sum = 0;
  let weights = 0;
  for (let i = lag; i < residuals.length; i++) {
    const product = residuals[i] * residuals[i - lag];
    if (Number.isNaN(product)) continue;
    const weight = Math.sqrt(expected[i] * expected[i - lag]);
    sum += weight * product;
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}

function fitAr(covariances: readonly number[]): { readonly variance: number; readonly correlation: number } {
  let best = { variance: 0, correlation: 0 };
  let least = sumOfSquares(covariances, 0, 0);
  for (let correlation = 0.05; correlation < 0.999; correlation += 0.005) {
    let xx = 0;
    let xy = 0;
    let power = 1;
    for (let lag = 1; lag < covariances.length; lag++) {
      power *= correlation;
      xx += power * power;
      xy += power * covariances[lag];
    }
    const variance = Math.max(0, xy / xx);
    const squares = sumOfSquares(covariances, variance, correlation);
    if (squares < least) {
      least = squares;
      best = { variance, correlation: Number(correlation.toFixed(3)) };
    }
  }
  return best;
}

function sumOfSquares(covariances: readonly number[], variance: number, correlation: number): number {
  let sum = 0;
  let power = 1;
  for (let lag = 1; lag < covariances.length; lag++) {
    power *= correlation;
    const difference = covariances[lag] - variance * power;
    sum += difference * difference;
  }
  return sum;
}

/**
 * The standard deviation in logarithms of a factor with this relative variance, if it is lognormal.
 */
function inLogs(variance: number): number {
  return Math.sqrt(Math.log(1 + variance));
}
