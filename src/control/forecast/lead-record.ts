import { SlidingSample } from "./sliding-sample.js";

const SHARE_EVEN = 0.2;
/** Residuals kept per lead: a week of 5-minute bins. */
const RESIDUALS = 2016;
/** How many residuals the assumption made before there are any is worth. */
const PRIOR_RESIDUALS = 10;

/**
 * What became of the forecasts at one lead: each model's recent absolute error (exponentially forgotten), and the residuals of the
 * combination in units of the spread that was assumed when it was made.
 */
export class LeadRecord {
  readonly residuals = new SlidingSample(RESIDUALS);
  readonly weights: Float64Array;
  /** Forecasts under way: slot (end mod lead) holds one row of model forecasts, the combination, and the spread. */
  private readonly pending: Float64Array;
  private readonly errors: Float64Array;
  private mass = 0;
  private readonly width: number;

  constructor(
    readonly lead: number,
    private readonly models: number,
    private readonly memoryBins: number,
  ) {
    this.width = models + 2;
    this.pending = new Float64Array(lead * this.width).fill(Number.NaN);
    this.errors = new Float64Array(models);
    this.weights = new Float64Array(models).fill(1 / models);
  }

  /** Notes what the models said at `end` for bin end − 1 + lead: model m's forecast is said[m·stride + column]. */
  note(end: number, said: Float64Array, stride: number, column: number, spreadOf: (point: number) => number): void {
    const row = (end % this.lead) * this.width;
    let point = 0;
    for (let m = 0; m < this.models; m++) {
      const value = said[m * stride + column];
      this.pending[row + m] = value;
      point += this.weights[m] * value;
    }
    this.pending[row + this.models] = point;
    this.pending[row + this.models + 1] = spreadOf(point);
  }

  /** Bin `t` turned out to be `value`: the forecast made at end = t + 1 − lead is judged. */
  mature(t: number, value: number): void {
    const row = ((t + 1) % this.lead) * this.width;
    const point = this.pending[row + this.models];
    if (Number.isNaN(point)) return;
    const keep = 1 - 1 / this.memoryBins;
    this.mass = this.mass * keep + 1;
    for (let m = 0; m < this.models; m++) {
      this.errors[m] = this.errors[m] * keep + Math.abs(value - this.pending[row + m]);
    }
    this.residuals.add((value - point) / this.pending[row + this.models + 1]);
    this.reweigh();
  }

  /** The quantile of the residuals at `level`; before there are enough of them it leans on `assumed`. */
  quantile(level: number, assumed: number): number {
    const n = this.residuals.size;
    if (n >= RESIDUALS / 4) return this.residuals.quantile(level);
    return (n * this.residuals.quantile(level) + PRIOR_RESIDUALS * assumed) / (n + PRIOR_RESIDUALS);
  }

  /** 0.2/K + 0.8 × normalised 1/MAE² (Bates and Granger 1969, shrunk towards equal weights). */
  private reweigh(): void {
    let total = 0;
    let floor = 0;
    for (let m = 0; m < this.models; m++) floor += this.errors[m];
    floor = (1e-6 * floor) / this.models + 1e-12;
    for (let m = 0; m < this.models; m++) {
      const error = (this.errors[m] + floor) / this.mass;
      this.weights[m] = 1 / (error * error);
      total += this.weights[m];
    }
    for (let m = 0; m < this.models; m++) {
      this.weights[m] = SHARE_EVEN / this.models + ((1 - SHARE_EVEN) * this.weights[m]) / total;
    }
  }
}
