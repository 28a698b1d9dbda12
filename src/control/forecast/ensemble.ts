import { DEFAULT_LEVELS, type Forecast, type Forecaster, type Series } from "../../ports/forecaster.js";
import { BinHistory } from "./bin-history.js";
import { leadsUpTo, placeOnLadder, scoredLeads } from "./lead-ladder.js";
import { LeadRecord } from "./lead-record.js";
import type { PointModel } from "./point-model.js";

const HISTORY_DAYS = 28;
const REPLAY_DAYS = 14;
/** Forecasts replayed at a fit: every bin of two weeks would cost four times as much and say the same. */
const REPLAYED = 1008;
const MEMORY_DAYS = 7;
/** Bins where there is no day: history, replay and memory in numbers of bins. */
const BINS_WITHOUT_DAY = 288;

/**
 * Several models, weighted per lead by their matured errors, with quantiles from the combination's own residuals per lead. `fit` lets
 * the models learn without the last two weeks, replays those, so that weights and quantiles stem from forecasts of what
 * was not known, and then lets them learn from all. A single model in it is that model with calibrated quantiles.
 */
export class Ensemble implements Forecaster {
  private history: BinHistory;
  private active: PointModel[] = [];
  private records: LeadRecord[] = [];
  private rungs: Int32Array = new Int32Array(0);
  private said = new Float64Array(0);
  /** Bins that the history has forgotten. */
  private dropped = 0;

  constructor(
    readonly name: string,
    private readonly models: readonly PointModel[],
    binMs = 300_000,
  ) {
    this.history = new BinHistory(0, binMs);
  }

  fit(series: Series): void {
    const history = new BinHistory(series.startMs, series.binMs);
    for (const value of series.values) history.append(value);
    this.history = history;
    this.dropped = 0;
    this.learn();
  }

  update(bin: number): void {
    this.history.append(bin);
    this.forgetOldBins();
    if (this.eligible().length > this.active.length) this.learn();
    else {
      for (const model of this.active) model.extend(this.history);
      this.mature(this.history.length - 1);
      this.say(this.history.length);
    }
  }

  forecast(bins: number, levels: readonly number[] = DEFAULT_LEVELS): Forecast {
    const mean = new Float64Array(bins);
    const quantiles = levels.map(() => new Float64Array(bins));
    if (this.active.length > 0) {
      const leads = leadsUpTo(bins);
      const point = this.combine(leads);
      for (let i = 0; i < bins; i++) this.spreadOut(point[i], leads[i], i, mean, levels, quantiles);
    }
    return { mean, levels, quantiles };
  }

  private eligible(): PointModel[] {
    return this.models.filter((model) => model.minimumBins(this.history.season) <= this.history.length);
  }

  private days(days: number): number {
    return days * (this.history.season.dayBins || BINS_WITHOUT_DAY);
  }

  private learn(): void {
    const history = this.history;
    this.active = this.eligible();
    this.rungs = scoredLeads(history.season);
    const memory = this.days(MEMORY_DAYS);
    this.records = Array.from(this.rungs, (lead) => new LeadRecord(lead, this.active.length, memory));
    this.said = new Float64Array(this.active.length * this.rungs.length);
    if (this.active.length === 0) return;
    const n = history.length;
    const from = n - Math.min(this.days(REPLAY_DAYS), Math.floor(n / 3));
    for (const model of this.active) model.fit(history, model.minimumBins(history.season) <= from ? from : n);
    const every = Math.max(1, Math.floor((n - from) / REPLAYED));
    for (let end = Math.max(1, from); end < n; end++) {
      if ((end - from) % every === 0) this.say(end);
      this.mature(end, every);
    }
    for (const model of this.active) model.fit(history, n);
    if (n > 0) this.say(n);
  }

  /** Notes what each model says at `end` for the scored leads. */
  private say(end: number): void {
    const width = this.rungs.length;
    for (let m = 0; m < this.active.length; m++) {
      const out = this.said.subarray(m * width, (m + 1) * width);
      if (end >= this.active[m].minimumBins(this.history.season)) {
        this.active[m].predict(this.history, end, this.rungs, out);
      } else out.fill(Number.NaN);
    }
    for (let j = 0; j < width; j++) this.records[j].note(this.dropped + end, this.said, width, j, this.spreadOf);
  }

  private mature(t: number, every = 1): void {
    const value = this.history.observed.data[t] === 1 ? this.history.values.data[t] : Number.NaN;
    for (const record of this.records) record.mature(this.dropped + t, value, every);
  }

  /** Residuals are kept in units of √(1 + point): counts scatter more where they are higher. */
  private readonly spreadOf = (point: number): number => Math.sqrt(1 + point);

  private combine(leads: Int32Array): Float64Array {
    const point = new Float64Array(leads.length);
    const said = new Float64Array(leads.length);
    for (let m = 0; m < this.active.length; m++) {
      this.active[m].predict(this.history, this.history.length, leads, said);
      for (let i = 0; i < leads.length; i++) {
        const { low, share } = placeOnLadder(this.rungs, leads[i]);
        const weight = this.records[low].weights[m];
        point[i] += said[i] * (share === 0 ? weight : weight + share * (this.records[low + 1].weights[m] - weight));
      }
    }
    return point;
  }

  private spreadOut(
    point: number,
    lead: number,
    i: number,
    mean: Float64Array,
    levels: readonly number[],
    quantiles: readonly Float64Array[],
  ): void {
    const { low, share } = placeOnLadder(this.rungs, lead);
    const here = this.records[low];
    const there = this.records[Math.min(low + 1, this.records.length - 1)];
    const spread = this.spreadOf(point);
    mean[i] = Math.max(
      0,
      point + spread * (here.residuals.mean + share * (there.residuals.mean - here.residuals.mean)),
    );
    for (let k = 0; k < levels.length; k++) {
      const assumed = assumedResidual(levels[k], spread);
      const a = here.quantile(levels[k], assumed);
      const b = there.quantile(levels[k], assumed);
      quantiles[k][i] = Math.max(0, point + spread * (a + share * (b - a)));
    }
  }

  private forgetOldBins(): void {
    const bins = this.days(7);
    if (this.history.length < this.days(HISTORY_DAYS) + bins) return;
    this.history.dropFirst(bins);
    this.dropped += bins;
    for (const model of this.active) model.dropFirst(bins);
  }
}

/** Before residuals are known: twice the Poisson scatter and 30 % of the level, by the logistic approximation of the normal quantile. */
function assumedResidual(level: number, spread: number): number {
  return (Math.log(level / (1 - level)) / 1.702) * (2 + 0.3 * spread);
}
