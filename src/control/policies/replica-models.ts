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
 * Ordinary least squares of replica counts on time, at `atMs`, rounded up (algorithms/linear_regression/linear_regression.py). A single point, or several
 * at one instant, give their mean.
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

/** Fewer values than this give no prediction: 10 + 2·(m div 2), statsmodels' own bound. */
export function holtWintersNeeds(seasonalPeriods: number): number {
  return 10 + 2 * Math.floor(seasonalPeriods / 2);
}

/**
 * Holt–Winters (Holt 1957, Winters 1960) with additive trend, one step ahead, rounded up (algorithms/holt_winters/holt_winters.py, which calls statsmodels).
 * The initial state is statsmodels' "legacy-heuristic" (means of the first seasons); its default "estimated" also optimises that state, which is not
 * reproduced. Undefined = too few values.
 */
export function holtWintersPrediction(values: readonly number[], spec: HoltWintersSpec): number | undefined {
  const { alpha, beta, gamma, seasonalPeriods: m, seasonal } = spec;
  if (values.length < Math.max(holtWintersNeeds(m), 2 * m)) return undefined;
  const multiplicative = seasonal === "multiplicative";
  const without = (value: number, season: number): number => (multiplicative ? value / season : value - season);
  let { level, trend } = initialState(values, m);
  const seasons = values.slice(0, m).map((value) => without(value, level));
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

/** Level: mean of the first values of all seasons; trend: mean growth from the first season to the second, per step. */
function initialState(values: readonly number[], m: number): { level: number; trend: number } {
  let level = 0;
  let count = 0;
  for (let i = 0; i < values.length; i += m) {
    level += values[i];
    count++;
  }
  let trend = 0;
  for (let i = 0; i < m; i++) trend += (values[m + i] - values[i]) / m / m;
  return { level: level / count, trend };
}
