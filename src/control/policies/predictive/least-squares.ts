/**
 * Recursive least squares with exponential forgetting (Plackett 1950; Ljung, Söderström 1983):
 * weights w such that w·x follows y. The prior weights count with `confidence` (in units of
 * whitened squared features) until data outweigh them.
 */
export class LeastSquares {
  readonly weights: Float64Array;
  private readonly inverse: Float64Array;
  private readonly gain: Float64Array;
  /**
   * Bound of the diagonal of the inverse: its start values. Without it the inverse would grow
   * without end while a feature is constant (wind-up).
   */
  private readonly most: number;

  constructor(prior: readonly number[], confidence: number) {
    const n = prior.length;
    this.weights = Float64Array.from(prior);
    this.inverse = new Float64Array(n * n);
    for (let i = 0; i < n; i++) this.inverse[i * n + i] = 1 / confidence;
    this.gain = new Float64Array(n);
    this.most = 1 / confidence;
  }

  predict(x: readonly number[]): number {
    let sum = 0;
    for (let i = 0; i < this.weights.length; i++) sum += this.weights[i] * x[i];
    return sum;
  }

  /**
   * Learns from one case. `scale` is the expected standard deviation of y, `keep` the share of
   * their weight that older cases keep.
   */
  learn(x: readonly number[], y: number, scale: number, keep: number): void {
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
    const growth = Math.sqrt(1 / keep);
    for (let i = 0; i < n; i++) gain[i] = Math.min(growth, Math.sqrt(this.most / inverse[i * n + i]));
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) inverse[i * n + j] *= gain[i] * gain[j];
  }
}
