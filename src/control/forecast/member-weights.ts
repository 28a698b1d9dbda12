/** A model with more than this factor of the least error gets no weight: it would add its bias. */
const TRIM = 1.6;
const SHARE_EVEN = 0.1;

/** What the weights at one lead are made from. Each array has one entry per model. */
export interface MemberEvidence {
  /** The assumed mean absolute error of each model. */
  readonly expected: Float64Array;
  /** 1 for a model that forecasts at all; the others get no weight. */
  readonly isActive: Uint8Array;
  /** 1 for a model that tells the days of the week apart. */
  readonly isWeekly: Uint8Array;
  /** Number of its own independent forecasts that are judged. */
  readonly judged: Float64Array;
  /** The usual error of a model counts like this many independent forecasts. */
  readonly usualForecasts: number;
}

/** Of the models with the day of the week, or of those without it. */
interface Kind {
  sum: number;
  best: number;
  judged: number;
}

/**
 * Weights that sum to 1: 0.1/K + 0.9 × normalised 1/MAE³ (after Bates and Granger 1969, trimmed).
 * Models without the day of the week all fail on the same days. On a week of history only one other
 * model can forecast, and would have about a seventh of the weight. So each of the two kinds gets
 * the weight of its best model, shared by its models, while one kind has few judged forecasts. (On
 * seven days the error a day ahead fell from 0.99 to 0.90 of the better of weekly naive and Theta.)
 */
export function memberWeights(evidence: MemberEvidence, weights: Float64Array): void {
  const { isActive, isWeekly, judged, usualForecasts } = evidence;
  const kinds = [0, 1].map((): Kind => ({ sum: 0, best: 0, judged: 0 }));
  inverseCubes(evidence, weights);
  let kept = 0;
  for (let m = 0; m < weights.length; m++) {
    if (isActive[m] === 0) continue;
    if (weights[m] > 0) kept++;
    const kind = kinds[isWeekly[m]];
    kind.sum += weights[m];
    kind.best = Math.max(kind.best, weights[m]);
    kind.judged = Math.max(kind.judged, judged[m]);
  }
  const [daily, weekly] = kinds;
  const total = daily.sum + weekly.sum;
  const isOfTwoKinds = daily.sum > 0 && weekly.sum > 0;
  const unproved = usualForecasts / (Math.min(daily.judged, weekly.judged) + usualForecasts);
  const balance = isOfTwoKinds ? unproved : 0;
  for (let m = 0; m < weights.length; m++) {
    if (weights[m] === 0) continue;
    const { sum, best } = kinds[isWeekly[m]];
    const ofKind = ((best / (daily.best + weekly.best)) * weights[m]) / sum;
    const share = balance * ofKind + ((1 - balance) * weights[m]) / total;
    weights[m] = SHARE_EVEN / kept + (1 - SHARE_EVEN) * share;
  }
}

/** 1/MAE³ relative to the best active model; 0 for one that is far worse or not active. */
function inverseCubes({ expected, isActive }: MemberEvidence, weights: Float64Array): void {
  let least = Number.POSITIVE_INFINITY;
  for (let m = 0; m < weights.length; m++) if (isActive[m] === 1) least = Math.min(least, expected[m]);
  const offset = 1e-9 + 1e-6 * least;
  for (let m = 0; m < weights.length; m++) {
    const ratio = isActive[m] === 1 ? (least + offset) / (expected[m] + offset) : 0;
    weights[m] = ratio * TRIM < 1 ? 0 : ratio * ratio * ratio;
  }
}
