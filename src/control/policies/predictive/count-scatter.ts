/** Prior, with this weight: Poisson noise, and a rate that is wrong by a tenth. */
const PRIOR_LINEAR = 1;
const PRIOR_SQUARE = 0.01;
const PRIOR_WEIGHT = 20;
/** The prior counts as cases at the mean level and at half and twice of it. */
const PRIOR_LEVELS = [0.5, 1, 2];
/**
 * A single squared error counts as at most this many expected variances, so that one flash crowd
 * does not set the scatter.
 */
const MOST_VARIANCES = 25;

/**
 * The variance of a count about its expectation n, as a·n + b·n²: noise of independent requests (a
 * = 1 if Poisson), and a rate that was wrong by a share. Fitted by least squares of the squared
 * errors, each divided by n and weighted by the usual variance at its level, with exponential
 * forgetting. The weight is needed since errors at a crowd's level (4,444 per request at 18,000
 * requests) mean little at a level of 40.
 */
export class CountScatter {
  private linear = PRIOR_LINEAR;
  private square = PRIOR_SQUARE;
  /** Σ1, Σn, Σn², Σe²/n, Σe², with the weight of each case. */
  private readonly sums = new Float64Array(5);

  variance(expected: number): number {
    return this.linear * expected + this.square * expected * expected;
  }

  /**
   * `error`: actual − expected. `keep`: share of their weight that older cases keep. `weight`: the
   * part of an independent case (spans that overlap by nine tenths are worth a tenth each, since
   * they miss together). `believed`: the variance assumed when the count was forecast. With the
   * variance assumed now, a crowd would raise its own bound 240 times in one span.
   */
  learn(expected: number, error: number, keep: number, weight = 1, believed?: number): void {
    const n = Math.max(expected, 0.5);
    const squared = Math.min(error * error, MOST_VARIANCES * (believed ?? this.variance(n)));
    const { sums } = this;
    for (let i = 0; i < sums.length; i++) sums[i] *= keep;
    const w = weight * precision(n);
    sums[0] += w;
    sums[1] += w * n;
    sums[2] += w * n * n;
    sums[3] += (w * squared) / n;
    sums[4] += w * squared;
    this.solve();
  }

  /**
   * Solves the 2 × 2 normal equations. If one solution is negative, the other is fitted alone.
   */
  private solve(): void {
    const { sums } = this;
    const mean = sums[1] / sums[0];
    let a = sums[0];
    let b = sums[1];
    let c = sums[2];
    let d = sums[3];
    let f = sums[4];
    for (let k = 0; k < PRIOR_LEVELS.length; k++) {
      const level = PRIOR_LEVELS[k] * mean;
      const value = PRIOR_LINEAR + PRIOR_SQUARE * level;
      const w = (PRIOR_WEIGHT / 3) * precision(level);
      a += w;
      b += w * level;
      c += w * level * level;
      d += w * value;
      f += w * value * level;
    }
    const determinant = a * c - b * b;
    this.linear = (c * d - b * f) / determinant;
    this.square = (a * f - b * d) / determinant;
    if (this.square < 0) {
      this.square = 0;
      this.linear = d / a;
    } else if (this.linear < 0) {
      this.linear = 0;
      this.square = f / c;
    }
  }
}

/** The weight of a squared error per request at level n: one over what the prior expects of it. */
function precision(n: number): number {
  return 1 / (PRIOR_LINEAR + PRIOR_SQUARE * n);
}
