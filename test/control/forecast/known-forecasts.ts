import type { BinHistory } from "../../../src/control/forecast/bin-history.js";
import { leadsUpTo, scoredLeads } from "../../../src/control/forecast/lead-ladder.js";
import { LeadRecords } from "../../../src/control/forecast/lead-records.js";
import type { PointModel } from "../../../src/control/forecast/point-model.js";
import { seasonOf } from "../../../src/control/forecast/season.js";
import type { Forecast, Series } from "../../../src/ports/forecaster.js";

export const USUAL = new Map([
  ["a", [1, 1, 1, 1]],
  ["b", [1.3, 1.2, 1.1, 1]],
  ["c", [0.9, 1, 1.1, 1.2]],
]);

export interface Spec {
  readonly name: string;
  readonly least: number;
  readonly isSlow?: boolean;
  readonly isWeekly?: boolean;
}

/**
 * The forecast of a model that learnt until bin `learnt` of the whole series, `lead` bins ahead of
 * `end`. Model "c" has no forecast at some ends, and a negative one (counts as none) at others.
 */
function issuedBy({ name }: Spec, learnt: number, end: number, lead: number): number {
  if (name === "c" && end % 9 === 0) return Number.NaN;
  if (name === "c" && end % 9 === 4) return -5;
  if (name === "zero") return 0;
  const bias = { a: 0, b: 6, c: -4 }[name] ?? 0;
  return 50 + bias + ((7 * end + 3 * lead) % 13) + learnt / 100;
}

export const observed = (t: number): number => (t % 17 === 3 ? Number.NaN : 48 + ((5 * t) % 19));

const valuesOf = (bins: number): Float64Array => Float64Array.from({ length: bins }, (_, t) => observed(t));

export const seriesOf = (bins: number, binMs: number): Series => ({ startMs: 0, binMs, values: valuesOf(bins) });

/** Forecasts by `issuedBy`, lists its calls, and refuses to forecast from an outdated state. */
export class Spy implements PointModel {
  readonly name: string;
  readonly isSlow: boolean;
  readonly isWeekly: boolean;
  readonly calls: string[] = [];
  private learnt = 0;
  private seen = 0;

  constructor(private readonly spec: Spec) {
    this.name = spec.name;
    this.isSlow = spec.isSlow === true;
    this.isWeekly = spec.isWeekly === true;
  }

  minimumBins(): number {
    return this.spec.least;
  }
  learn(history: BinHistory, end: number): Float64Array {
    const until = history.timeMs(end) / history.binMs;
    this.calls.push(`learn ${until}`);
    return Float64Array.of(until);
  }
  restore(history: BinHistory, [learnt]: Float64Array): void {
    this.learnt = learnt;
    this.seen = history.length;
  }
  extend(history: BinHistory): void {
    this.seen = history.length;
  }
  dropFirst(bins: number): void {
    this.calls.push(`drop ${bins}`);
    this.seen -= bins;
  }
  predict(history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    if (this.seen !== history.length) throw new Error(`state of ${this.seen} bins, history of ${history.length}`);
    if (end < this.spec.least) throw new Error(`a forecast from ${end} bins`);
    const absolute = history.timeMs(end) / history.binMs;
    for (let k = 0; k < leads.length; k++) out[k] = issuedBy(this.spec, this.learnt, absolute, leads[k]);
  }
}

/** What an ensemble should forecast: the documented steps, with a list of forecasts per end. */
export class Described {
  private readonly records: LeadRecords;
  private readonly rungs: Int32Array;
  private readonly dayBins: number;
  /** What each model learnt: undefined = nothing yet. */
  private readonly learnt: (number | undefined)[];
  /** Bins since the start of the series, and how many of them are remembered. */
  private bins: number;
  private kept: number;

  constructor(
    private readonly specs: readonly Spec[],
    binMs: number,
    bins: number,
    longestLead = Number.POSITIVE_INFINITY,
  ) {
    const season = seasonOf(binMs);
    this.dayBins = season.dayBins === 0 ? 288 : season.dayBins;
    this.rungs = scoredLeads(season, longestLead);
    this.records = new LeadRecords({ rungs: this.rungs, dayBins: season.dayBins }, specs, 7 * this.dayBins, USUAL);
    this.learnt = specs.map(() => undefined);
    this.bins = bins;
    this.kept = bins;
    this.replay(bins);
    this.learnt = specs.map(({ least }) => (bins >= least ? bins : undefined));
    if (bins > 0) this.issue();
  }

  /** Where a replay begins: a third of the history, a week if another week is left, at most two. */
  static from(bins: number, dayBins: number): number {
    const week = 7 * dayBins;
    const third = Math.floor(bins / 3);
    const ofWeek = bins >= 2 * week ? week : bins - week;
    return Math.max(1, bins - Math.min(2 * week, Math.max(third, ofWeek)));
  }

  private replay(bins: number): void {
    const from = Described.from(bins, this.dayBins);
    // At most about a thousand ends are replayed.
    const every = Math.max(1, Math.floor((bins - from) / 1008));
    const until = this.specs.map(({ least }) => Math.max(from, least));
    for (const pass of ["models", "combination"]) {
      if (pass === "combination") this.records.startResidualsAnew();
      for (let end = from; end < bins; end++) {
        if ((end - from) % every === 0)
          this.note(end, (m) => (until[m] < bins && end >= this.least(m) ? until[m] : undefined));
        if (pass === "models") this.records.matureModels(end, observed(end), every);
        else this.records.mature(end, observed(end), every);
      }
    }
  }

  private least(m: number): number {
    return this.specs[m].least;
  }

  update(): void {
    const bins = ++this.bins;
    this.kept++;
    if (this.kept >= 35 * this.dayBins) this.kept -= 7 * this.dayBins;
    this.records.mature(bins - 1, observed(bins - 1), 1);
    this.specs.forEach(({ least, isSlow }, m) => {
      if (this.learnt[m] === undefined && isSlow !== true && this.kept >= least) this.learnt[m] = bins;
    });
    this.issue();
  }

  private issue(): void {
    this.note(this.bins, (m) => this.learnt[m]);
  }

  private note(end: number, learnt: (m: number) => number | undefined): void {
    this.specs.forEach((spec, m) => {
      const until = learnt(m);
      this.rungs.forEach((lead, j) => {
        this.records.row(m)[j] = until === undefined ? Number.NaN : issuedBy(spec, until, end, lead);
      });
    });
    this.records.note(end);
  }

  forecast(bins: number, levels: readonly number[]): Forecast {
    const points = Array.from(leadsUpTo(bins), (lead) => {
      const issued = this.specs.flatMap((spec, m) => {
        const until = this.learnt[m];
        const value = until === undefined ? Number.NaN : issuedBy(spec, until, this.bins, lead);
        return value >= 0 ? [{ value, weight: this.records.weight(m, lead) + 1e-12 }] : [];
      });
      const mass = issued.reduce((sum, { weight }) => sum + weight, 0);
      if (mass === 0) return observed(this.bins - 1);
      return issued.reduce((sum, { value, weight }) => sum + weight * value, 0) / mass;
    });
    return {
      mean: Float64Array.from(points, (point, i) => this.records.mean(point, i + 1)),
      levels,
      quantiles: levels.map((level) => Float64Array.from(points, (p, i) => this.records.quantile(p, i + 1, level))),
    };
  }
}
