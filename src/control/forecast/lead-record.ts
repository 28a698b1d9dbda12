import { SlidingSample } from "./sliding-sample.js";

/** A model whose error exceeds the least one by this factor has no say: it would only add its bias. */
const TRIM = 1.6;
const SHARE_EVEN = 0.1;
/** Residuals kept per lead: a week of 5-minute bins. */
const RESIDUALS = 2016;
/** How many residuals the assumption made before there are any is worth. */
const PRIOR_RESIDUALS = 10;
/** Neighbouring forecasts at a long lead err together: one independent residual for each 0.3 × lead bins (by trial). */
const DEPENDENT_SHARE = 0.3;
/** The median of so few independent residuals says little about the next: it counts n/(n + this). */
const MEDIAN_PRIOR = 100;

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
  /** Bins that the residuals cover: more than their number where only every n-th forecast was replayed. */
  private covered = 0;

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

  /**
   * Notes what the models said at `end` for bin end − 1 + lead: model m's forecast is said[m·stride + column]; NaN = it has nothing to
   * say yet: the others speak for it, and their mean stands in for it when it is judged, so that it gains and loses nothing.
   */
  note(end: number, said: Float64Array, stride: number, column: number, spreadOf: (point: number) => number): void {
    const row = (end % this.lead) * this.width;
    let sum = 0;
    let speaking = 0;
    let point = 0;
    let mass = 0;
    for (let m = 0; m < this.models; m++) {
      const value = said[m * stride + column];
      if (!(value >= 0)) continue;
      sum += value;
      speaking++;
      const weight = this.weights[m] + 1e-12;
      point += weight * value;
      mass += weight;
    }
    for (let m = 0; m < this.models; m++) {
      const value = said[m * stride + column];
      this.pending[row + m] = value >= 0 ? value : sum / speaking;
    }
    this.pending[row + this.models] = speaking === 0 ? Number.NaN : point / mass;
    this.pending[row + this.models + 1] = speaking === 0 ? 1 : spreadOf(point / mass);
  }

  /** Bin `t` turned out to be `value` (NaN = unknown): the forecast made at end = t + 1 − lead is judged; one in `every` was noted. */
  mature(t: number, value: number, every = 1): void {
    const row = ((t + 1) % this.lead) * this.width;
    const point = this.pending[row + this.models];
    if (Number.isNaN(point)) return;
    this.pending[row + this.models] = Number.NaN;
    if (Number.isNaN(value)) return;
    const keep = Math.exp(-every / this.memoryBins);
    this.mass = this.mass * keep + 1;
    for (let m = 0; m < this.models; m++) {
      this.errors[m] = this.errors[m] * keep + Math.abs(value - this.pending[row + m]);
    }
    this.residuals.add((value - point) / this.pending[row + this.models + 1]);
    this.covered = Math.min(RESIDUALS * every, this.covered + every);
    this.reweigh();
  }

  /**
   * The quantile of the residuals at `level`, widened for how few of them are independent (the predictive quantile of n values lies at
   * τ(n + 1)/n: Vovk, Gammerman, Shafer 2005); before there are enough of them it leans on `assumed`.
   */
  quantile(level: number, assumed: number): number {
    const n = this.residuals.size;
    const independent = Math.max(1, this.covered / Math.max(1, DEPENDENT_SHARE * this.lead));
    const median = this.residuals.quantile(0.5);
    const known =
      this.residuals.quantile(widened(level, independent)) - median * (MEDIAN_PRIOR / (independent + MEDIAN_PRIOR));
    if (n >= RESIDUALS / 4) return known;
    return (n * known + PRIOR_RESIDUALS * assumed) / (n + PRIOR_RESIDUALS);
  }

  /** Forgets residuals and forecasts under way; what is known of the models' errors stays. */
  startResidualsAnew(): void {
    this.pending.fill(Number.NaN);
    this.residuals.clear();
    this.covered = 0;
  }

  /** Everything as one row of numbers. */
  save(): Float64Array {
    const { errors, weights, pending } = this;
    return Float64Array.of(this.mass, this.covered, ...errors, ...weights, ...pending, ...this.residuals.inOrder());
  }

  load(row: Float64Array): void {
    this.mass = row[0];
    this.covered = row[1];
    let at = 2;
    for (const part of [this.errors, this.weights, this.pending]) {
      part.set(row.subarray(at, at + part.length));
      at += part.length;
    }
    for (; at < row.length; at++) this.residuals.add(row[at]);
  }

  /** The models that are not far worse than the best: 0.1/K + 0.9 × normalised 1/MAE³ (after Bates and Granger 1969, trimmed). */
  private reweigh(): void {
    let least = Number.POSITIVE_INFINITY;
    for (let m = 0; m < this.models; m++) least = Math.min(least, this.errors[m]);
    const floor = 1e-9 * this.mass + 1e-6 * least;
    let total = 0;
    let kept = 0;
    for (let m = 0; m < this.models; m++) {
      const ratio = (least + floor) / (this.errors[m] + floor);
      this.weights[m] = ratio * TRIM < 1 ? 0 : ratio * ratio * ratio;
      total += this.weights[m];
      if (this.weights[m] > 0) kept++;
    }
    for (let m = 0; m < this.models; m++) {
      if (this.weights[m] > 0) this.weights[m] = SHARE_EVEN / kept + ((1 - SHARE_EVEN) * this.weights[m]) / total;
    }
  }
}

/** The level whose sample quantile among n independent values covers `level`, at most half-way to the end; symmetric about the median. */
function widened(level: number, n: number): number {
  const wide = 0.5 + (level - 0.5) * (1 + 2.25 / n);
  return level >= 0.5 ? Math.min(wide, (1 + level) / 2) : Math.max(wide, level / 2);
}
