/**
 * Recursive least squares with exponential forgetting (Plackett 1950; Ljung, Söderström 1983): weights w that make w·x follow y. The
 * prior weights are held by `confidence` (in units of whitened squared features) until data say otherwise.
 */
export class LeastSquares {
  readonly weights: Float64Array;
  private readonly inverse: Float64Array;
  private readonly gain: Float64Array;
  /** No entry of the inverse's diagonal exceeds where it began: without this bound it would grow for ever while a feature is still (wind-up). */
  private readonly most: number;

  constructor(prior: readonly number[], confidence: number) {
    const n = prior.length;
    this.weights = Float64Array.from(prior);
    this.inverse = new Float64Array(n * n);
    for (let i = 0; i < n; i++) this.inverse[i * n + i] = 1 / confidence;
    this.gain = new Float64Array(n);
    this.most = 1 / confidence;
  }

  predict(x: ArrayLike<number>): number {
    let sum = 0;
    for (let i = 0; i < this.weights.length; i++) sum += this.weights[i] * x[i];
    return sum;
  }

  /** Learns from one case; `scale` is the standard deviation that y is expected to have, `keep` what becomes of older cases' weight. */
  learn(x: ArrayLike<number>, y: number, scale: number, keep: number): void {
    const { weights, inverse, gain } = this;
    const n = weights.length;
    let norm = keep;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += (inverse[i * n + j] * x[j]) / scale;
      gain[i] = sum;
      norm += (sum * x[i]) / scale;
    }
    const error = (y - this.predict(x)) / scale;
    for (let i = 0; i < n; i++) {
      weights[i] += (gain[i] / norm) * error;
      for (let j = 0; j < n; j++) inverse[i * n + j] -= (gain[i] * gain[j]) / norm;
    }
    for (let i = 0; i < n; i++) gain[i] = Math.min(Math.sqrt(1 / keep), Math.sqrt(this.most / inverse[i * n + i]));
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) inverse[i * n + j] *= gain[i] * gain[j];
  }
}
