import { LeadLadder } from "./lead-ladder.js";
import { LeadRecord } from "./lead-record.js";
import type { PointModel } from "./point-model.js";
import { USUAL_ERRORS, type UsualErrors, usualError } from "./usual-errors.js";

/** The leads that are scored, ascending, and the bins of a day. */
export interface ScoredLeads {
  readonly rungs: Int32Array;
  readonly dayBins: number;
}

/** The records of all scored leads; leads between two of them are interpolated. */
export class LeadRecords {
  readonly rungs: Int32Array;
  private readonly records: readonly LeadRecord[];
  /** The models' forecasts for the rungs, model by model. */
  private readonly forecasts: Float64Array;
  /** Views of the models' rows in `forecasts`. */
  private readonly rows: readonly Float64Array[];
  private readonly ladder: LeadLadder;

  /** `table` has the usual errors of the models by their names. */
  constructor(
    { rungs, dayBins }: ScoredLeads,
    models: readonly Pick<PointModel, "name" | "isWeekly">[],
    memoryBins: number,
    table: UsualErrors = USUAL_ERRORS,
  ) {
    this.rungs = rungs;
    this.ladder = new LeadLadder(this.rungs);
    const isWeekly = Uint8Array.from(models, (model) => (model.isWeekly === true ? 1 : 0));
    this.records = Array.from(this.rungs, (lead) => {
      const usual = Float64Array.from(models, ({ name }) => usualError(table, name, lead, dayBins));
      return new LeadRecord(lead, usual, isWeekly, memoryBins);
    });
    const width = this.rungs.length;
    this.forecasts = new Float64Array(models.length * width);
    this.rows = models.map((_, m) => this.forecasts.subarray(m * width, (m + 1) * width));
  }

  /**
   * The row into which model `m` writes its forecasts for the rungs, before `note`; NaN = none.
   * Float64Array[rungs].
   */
  row(m: number): Float64Array {
    return this.rows[m];
  }

  note(end: number): void {
    this.noteFrom(end, this.forecasts, 0);
  }

  /** Numbers that the models' forecasts at one end take. */
  get size(): number {
    return this.forecasts.length;
  }

  /** As `note`, of forecasts from `at` on in `issued`: `size` numbers, model by model. */
  noteFrom(end: number, issued: Float64Array, at: number): void {
    for (let j = 0; j < this.records.length; j++) {
      this.records[j].note(end, issued, this.rungs.length, at + j, spreadOf);
    }
  }

  /** Forgets residuals and pending forecasts; keeps the errors, and weighs the models by them. */
  startResidualsAnew(): void {
    for (const record of this.records) record.startResidualsAnew();
  }

  mature(t: number, value: number, every: number): void {
    for (const record of this.records) record.mature(t, value, every);
  }

  /** As `mature`, for residuals that `startResidualsAnew` will forget. */
  matureModels(t: number, value: number, every: number): void {
    for (const record of this.records) record.matureModels(t, value, every);
  }

  /** The weight of model m at `lead`. */
  weight(m: number, lead: number): number {
    const { low, share } = this.ladder.place(lead);
    const weight = this.records[low].weights[m];
    return share === 0 ? weight : weight + share * (this.records[low + 1].weights[m] - weight);
  }

  /** The mean about a combined forecast: it and its usual error. */
  mean(point: number, lead: number): number {
    const { low, share } = this.ladder.place(lead);
    const here = this.records[low].residuals.mean;
    const there = this.records[Math.min(low + 1, this.records.length - 1)].residuals.mean;
    return Math.max(0, point + spreadOf(point) * (here + share * (there - here)));
  }

  /** The quantile of the bin at `lead` when the combination forecasts `point`. */
  quantile(point: number, lead: number, level: number): number {
    const { low, share } = this.ladder.place(lead);
    const spread = spreadOf(point);
    const assumed = assumedResidual(level, spread);
    const here = this.records[low].residuals.quantile(level, assumed);
    const there = this.records[Math.min(low + 1, this.records.length - 1)].residuals.quantile(level, assumed);
    return Math.max(0, point + spread * (here + share * (there - here)));
  }

  /** One row of numbers per rung, for `load` of records of the same leads and number of models. */
  save(): Float64Array[] {
    return this.records.map((record) => record.save());
  }

  load(rows: readonly Float64Array[]): void {
    this.records.forEach((record, j) => {
      record.load(rows[j]);
    });
  }
}

/** Residuals are kept in units of √(1 + point): counts scatter more where they are higher. */
function spreadOf(point: number): number {
  return Math.sqrt(1 + point);
}

/**
 * Before there are residuals: twice the Poisson scatter and 30 % of the level, with the logistic
 * approximation of the normal quantile.
 */
function assumedResidual(level: number, spread: number): number {
  return (Math.log(level / (1 - level)) / 1.702) * (2 + 0.3 * spread);
}
