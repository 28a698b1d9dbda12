/** A replica count that was calculated at an instant. */
export interface PastReplicas {
  readonly atMs: number;
  readonly replicas: number;
}

/** Fits that are exact leave 5.0000000001: nine digits before rounding up. */
const DIGITS = 9;

function roundUp(value: number): number {
  return Math.ceil(Number(value.toFixed(DIGITS)));
}

/**
 * Ordinary least squares of replica counts on time, at `atMs`, rounded up
 * (algorithms/linear_regression/linear_regression.py). A single point, or several at one instant,
 * give their mean.
 */
export function linearPrediction(past: readonly PastReplicas[], atMs: number): number {
  let meanX = 0;
  let meanY = 0;
  for (const { atMs: x, replicas } of past) {
    meanX += (x - atMs) / past.length;
    meanY += replicas / past.length;
  }
  let covariance = 0;
  let variance = 0;
  for (const { atMs: x, replicas } of past) {
    covariance += (x - atMs - meanX) * (replicas - meanY);
    variance += (x - atMs - meanX) * (x - atMs - meanX);
  }
  const slope = variance === 0 ? 0 : covariance / variance;
  return roundUp(meanY - slope * meanX);
}

export interface HoltWintersSpec {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly seasonalPeriods: number;
  readonly seasonal: "additive" | "multiplicative";
}

/**
 * Holt–Winters (Holt 1957, Winters 1960) with additive trend, one step ahead, rounded up
 * (algorithms/holt_winters/holt_winters.py, which calls statsmodels). The initial state is
 * heuristic (Hyndman, Koehler, Ord, Snyder 2008, 2.6.1), which is where statsmodels' default
 * "estimated" starts; its further optimisation of this state is not reproduced. Undefined = too few
 * values: 10 + 2·(m div 2) upstream, two seasons for the heuristic.
 */
export function holtWintersPrediction(values: readonly number[], spec: HoltWintersSpec): number | undefined {
  const { alpha, beta, gamma, seasonalPeriods: m, seasonal } = spec;
  if (values.length < Math.max(10 + 2 * Math.floor(m / 2), 2 * m)) return undefined;
  const multiplicative = seasonal === "multiplicative";
  const without = (value: number, season: number): number => (multiplicative ? value / season : value - season);
  const seasons = initialSeasons(values, m, without);
  let { level, trend } = initialLine(values, seasons, without);
  for (let i = 0; i < values.length; i++) {
    const expected = level + trend;
    const next = alpha * without(values[i], seasons[i % m]) + (1 - alpha) * expected;
    seasons[i % m] = gamma * without(values[i], expected) + (1 - gamma) * seasons[i % m];
    trend = beta * (next - level) + (1 - beta) * trend;
    level = next;
  }
  const season = seasons[values.length % m];
  const forecast = multiplicative ? (level + trend) * season : level + trend + season;
  return Number.isFinite(forecast) ? roundUp(forecast) : undefined;
}

/** Seasons that the initial state looks at. */
const INITIAL_SEASONS = 5;

/**
 * Mean of each season over the first seasons, after a centred moving average is removed; on average
 * 0 (or 1).
 */
function initialSeasons(
  values: readonly number[],
  m: number,
  without: (value: number, season: number) => number,
): number[] {
  const span = Math.min(INITIAL_SEASONS, Math.floor(values.length / m)) * m;
  const half = Math.floor(m / 2);
  const sums = new Array<number>(m).fill(0);
  const counts = new Array<number>(m).fill(0);
  for (let i = half; i < span - half; i++) {
    sums[i % m] += without(values[i], centredMean(values, i, m));
    counts[i % m]++;
  }
  // Two seasons at least, less half of one at either end: each season has a count.
  const means = sums.map((sum, season) => sum / counts[season]);
  const average = means.reduce((sum, mean) => sum + mean, 0) / m;
  return means.map((mean) => without(mean, average));
}

/** Mean over one season around i; for an even season the two ends count half. */
function centredMean(values: readonly number[], i: number, m: number): number {
  const half = Math.floor(m / 2);
  let sum = 0;
  for (let j = i - half; j <= i + half; j++) sum += values[j];
  if (m % 2 === 0) sum -= (values[i - half] + values[i + half]) / 2;
  return sum / m;
}

/** Values that the initial line is fitted to. */
const INITIAL_VALUES = 10;

/**
 * Level just before the first value, and trend per step, of the line through the first values
 * without their seasons.
 */
function initialLine(
  values: readonly number[],
  seasons: readonly number[],
  without: (value: number, season: number) => number,
): { level: number; trend: number } {
  const middle = (INITIAL_VALUES + 1) / 2;
  let mean = 0;
  let covariance = 0;
  let variance = 0;
  for (let i = 0; i < INITIAL_VALUES; i++) {
    const value = without(values[i], seasons[i % seasons.length]);
    mean += value / INITIAL_VALUES;
    covariance += (i + 1 - middle) * value;
    variance += (i + 1 - middle) * (i + 1 - middle);
  }
  const trend = covariance / variance;
  return { level: mean - trend * middle, trend };
}
