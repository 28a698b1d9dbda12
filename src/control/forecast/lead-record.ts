import { FLOAT_ZERO } from "../../base/float-zero.js";
import { type MemberEvidence, memberWeights } from "./member-weights.js";
import { Residuals } from "./residuals.js";

/**
 * A model's usual error counts like this many of its own independent forecasts: two to three days
 * of them at a lead of a day.
 */
const USUAL_FORECASTS = 10;
/**
 * Above this share of the memory, a week of forecasts counts as judged. The memory is a week long,
 * and a replay judges its week twice: that fills 1 − e⁻² = 0.86 of it, and 0.82 at a lead of a day.
 */
const WEEK_OF_MEMORY = 0.8;
/**
 * Neighbouring forecasts at a long lead err together: there is one independent forecast per 0.3 ×
 * lead bins (by experiment).
 */
const DEPENDENT_SHARE = 0.3;

/**
 * The forecasts at one lead and their errors: each model's recent absolute error (with exponential
 * forgetting), and the residuals of the combination in units of the spread assumed when the
 * forecast was made.
 */
export class LeadRecord implements MemberEvidence {
  readonly residuals: Residuals;
  readonly weights: Float64Array;
  readonly usualForecasts = USUAL_FORECASTS;
  readonly isActive: Uint8Array;
  readonly expected: Float64Array;
  readonly dependentBins: number;
  /**
   * Forecasts of open bins: slot (end mod lead) holds one row of model forecasts, the combination,
   * and the spread.
   */
  private readonly pending: Float64Array;
  private readonly errors: Float64Array;
  /** Bins covered by each model's own judged forecasts, with the same forgetting as the errors. */
  readonly own: Float64Array;
  /** Sum of the errors of the models with a forecast, each in units of its usual error. */
  private level = FLOAT_ZERO;
  private mass = FLOAT_ZERO;
  /**
   * Bins behind the errors, with the same forgetting. More than `mass` if only every n-th forecast
   * was replayed.
   */
  private bins = FLOAT_ZERO;
  private readonly width: number;
  private readonly models: number;

  /**
   * `usual`: the usual error of each model at this lead, relative to each other; `isWeekly`: 1 for
   * a model that distinguishes the days of the week. Both have length `models`.
   */
  constructor(
    readonly lead: number,
    readonly usual: Float64Array,
    readonly isWeekly: Uint8Array,
    private readonly memoryBins: number,
  ) {
    const models = usual.length;
    this.models = models;
    this.width = models + 2;
    this.pending = new Float64Array(lead * this.width).fill(Number.NaN);
    this.errors = new Float64Array(models);
    this.own = new Float64Array(models);
    this.isActive = new Uint8Array(models).fill(1);
    this.expected = new Float64Array(models);
    this.dependentBins = Math.max(1, DEPENDENT_SHARE * lead);
    this.residuals = new Residuals(this.dependentBins);
    this.weights = new Float64Array(models);
    this.reweigh();
  }

  /**
   * Records the models' forecasts at `end` of bin end − 1 + lead: that of model m is
   * issued[m·stride + column]. NaN = no forecast yet: the others forecast without it, and its error
   * is assumed from the others' and the usual ratio.
   */
  note(end: number, issued: Float64Array, stride: number, column: number, spreadOf: (point: number) => number): void {
    const row = (end % this.lead) * this.width;
    let point = 0;
    let mass = 0;
    this.noteActive(issued, stride, column);
    for (let m = 0; m < this.models; m++) {
      const value = issued[m * stride + column];
      this.pending[row + m] = value;
      if (!(value >= 0)) continue;
      const weight = this.weights[m] + 1e-12;
      point += weight * value;
      mass += weight;
    }
    this.pending[row + this.models] = mass === 0 ? Number.NaN : point / mass;
    this.pending[row + this.models + 1] = mass === 0 ? 1 : spreadOf(point / mass);
  }

  /** A model that starts or stops to forecast changes the weights of the others. */
  private noteActive(issued: Float64Array, stride: number, column: number): void {
    let isChanged = false;
    for (let m = 0; m < this.models; m++) {
      const isActive = issued[m * stride + column] >= 0 ? 1 : 0;
      if (isActive === this.isActive[m]) continue;
      this.isActive[m] = isActive;
      isChanged = true;
    }
    if (isChanged) this.reweigh();
  }

  /**
   * Bin `t` had the value `value` (NaN = unknown). Judges its forecast, made at end = t + 1 − lead;
   * one in `every` was recorded.
   */
  mature(t: number, value: number, every = 1): void {
    const row = ((t + 1) % this.lead) * this.width;
    const point = this.pending[row + this.models];
    if (!this.judgeModels(row, value, every)) return;
    this.residuals.add((value - point) / this.pending[row + this.models + 1], every);
    this.reweigh();
  }

  /**
   * As `mature`, for residuals that will be forgotten: it keeps none, and leaves the weights
   * until `startResidualsAnew`. The errors do not depend on them.
   */
  matureModels(t: number, value: number, every: number): void {
    this.judgeModels(((t + 1) % this.lead) * this.width, value, every);
  }

  /** True if that row had a forecast and the value is known. */
  private judgeModels(row: number, value: number, every: number): boolean {
    const at = row + this.models;
    if (Number.isNaN(this.pending[at])) return false;
    this.pending[at] = Number.NaN;
    if (Number.isNaN(value)) return false;
    const keep = Math.exp(-every / this.memoryBins);
    this.mass = this.mass * keep + 1;
    this.bins = this.bins * keep + every;
    const level = this.levelOf(row, value);
    this.level = this.level * keep + level;
    const { pending, own, errors, usual } = this;
    for (let m = 0; m < this.models; m++) {
      const issued = pending[row + m];
      own[m] = own[m] * keep + (issued >= 0 ? every : 0);
      errors[m] = errors[m] * keep + (issued >= 0 ? Math.abs(value - issued) : level * usual[m]);
    }
    return true;
  }

  /** Forgets residuals and pending forecasts; keeps the errors, and weighs the models by them. */
  startResidualsAnew(): void {
    this.reweigh();
    this.pending.fill(Number.NaN);
    this.residuals.clear();
  }

  /** Everything as one row of numbers. */
  save(): Float64Array {
    const { mass, level, bins } = this;
    const parts = this.parts().flatMap((part) => [...part]);
    return Float64Array.of(mass, level, bins, this.residuals.covered, ...parts, ...this.residuals.inOrder());
  }

  load(row: Float64Array): void {
    this.mass = row[0];
    this.level = row[1];
    this.bins = row[2];
    let at = 4;
    for (const part of this.parts()) {
      part.set(row.subarray(at, at + part.length));
      at += part.length;
    }
    this.residuals.load(row.subarray(at), row[3]);
  }

  private parts(): readonly (Float64Array | Uint8Array)[] {
    return [this.errors, this.own, this.isActive, this.weights, this.pending];
  }

  /**
   * The mean error of the models that forecast a bin, each in units of its usual error. At least
   * one did.
   */
  private levelOf(row: number, value: number): number {
    const { pending, usual } = this;
    let sum = 0;
    let count = 0;
    for (let m = 0; m < this.models; m++) {
      const issued = pending[row + m];
      if (!(issued >= 0)) continue;
      sum += Math.abs(value - issued) / usual[m];
      count++;
    }
    return sum / count;
  }

  /** Whether the models' own errors rest on a week of forecasts. */
  get isWeekJudged(): boolean {
    return this.bins > WEEK_OF_MEMORY * this.memoryBins;
  }

  /**
   * The assumed mean absolute error of each model: its own, shrunk towards its usual error while
   * few forecasts have matured.
   */
  private reweigh(): void {
    const { expected, errors, usual, mass } = this;
    const known = this.bins / this.dependentBins;
    const level = this.level / mass;
    for (let m = 0; m < this.models; m++) {
      expected[m] =
        mass === 0
          ? usual[m]
          : (known * (errors[m] / mass) + USUAL_FORECASTS * (level * usual[m])) / (known + USUAL_FORECASTS);
    }
    memberWeights(this, this.weights);
  }
}
