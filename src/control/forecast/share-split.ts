import { DEFAULT_LEVELS, type Forecast, type Forecaster, type Series } from "../../ports/forecaster.js";
import { HourShares, hourOf } from "./hour-shares.js";
import { ANY_LEAD, leadsUpTo, scoredLeads } from "./lead-ladder.js";
import { LeadRecords } from "./lead-records.js";
import type { Season } from "./season.js";

const RECORD_DAYS = 7;
const BINS_WITHOUT_DAY = 288;
/** The parent's bins that are replayed for the first residuals. */
const REPLAYED_DAYS = 3;

/**
 * Forecasts a series with too little traffic for its own model: its smoothed share of its parent's
 * forecast. Its quantiles come from its own residuals, since small counts scatter more than a
 * scaled-down parent.
 */
export class ShareSplit {
  private records: LeadRecords;
  private counted: HourShares;
  private shares: Float64Array = new Float64Array(24);
  private length = 0;
  private readonly dayBins: number;

  /**
   * `parentPast`: the history that the parent was fitted to; bin i of it is bin i of this series'
   * history. Only leads up to `longestLead` are forecast.
   */
  constructor(
    private readonly parent: Forecaster,
    private readonly parentPast: Series,
    private readonly season: Season,
    private readonly longestLead = ANY_LEAD,
  ) {
    this.dayBins = season.dayBins || BINS_WITHOUT_DAY;
    this.records = this.newRecords();
    this.counted = new HourShares(this.dayBins);
  }

  fit(history: Series): void {
    this.records = this.newRecords();
    this.counted = new HourShares(this.dayBins);
    this.length = history.values.length;
    const from = this.length - REPLAYED_DAYS * this.dayBins;
    for (let t = 0; t < this.length; t++) {
      // The parent's past forecasts are gone, so its past values take their place: the scatter of
      // the share is what matters.
      if (t >= from && t > 0) this.noteReplay(t, this.length);
      this.records.mature(t, history.values[t], 1);
      this.counted.learn(this.timeMs(t), history.values[t], this.parentPast.values[t]);
    }
    this.shares = this.counted.shares();
    this.issue();
  }

  /** The next bin of this series, and of the parent, which must have taken it in before. */
  update(bin: number, parentBin: number): void {
    this.records.mature(this.length, bin, 1);
    this.counted.learn(this.timeMs(this.length), bin, parentBin);
    this.shares = this.counted.shares();
    this.length++;
    this.issue();
  }

  forecast(bins: number, levels: readonly number[] = DEFAULT_LEVELS): Forecast {
    const parent = this.parent.forecast(bins, levels.length === 0 ? [] : [0.5]);
    const mean = parent.mean.map((value, i) => value * this.shareOf(this.length + i));
    if (levels.length === 0) return { mean, levels, quantiles: [] };
    const points = parent.quantiles[0].map((value, i) => value * this.shareOf(this.length + i));
    const leads = leadsUpTo(bins);
    return {
      mean,
      levels,
      quantiles: levels.map((level) => points.map((point, i) => this.records.quantile(point, leads[i], level))),
    };
  }

  private newRecords(): LeadRecords {
    const leads = { rungs: scoredLeads(this.season, this.longestLead), dayBins: this.season.dayBins };
    return new LeadRecords(leads, [{ name: "share" }], RECORD_DAYS * this.dayBins);
  }

  private timeMs(t: number): number {
    return this.parentPast.startMs + t * this.parentPast.binMs;
  }

  private shareOf(t: number): number {
    return this.shares[hourOf(this.timeMs(t))];
  }

  private issue(): void {
    const { rungs } = this.records;
    const { quantiles } = this.parent.forecast(rungs[rungs.length - 1], [0.5]);
    const row = this.records.row(0);
    rungs.forEach((lead, j) => {
      row[j] = quantiles[0][lead - 1] * this.shareOf(this.length + lead - 1);
    });
    this.records.note(this.length);
  }

  private noteReplay(end: number, length: number): void {
    // Once an hour: shares do not change noticeably faster.
    if (end % Math.max(1, Math.round(this.dayBins / 24)) === 0) this.shares = this.counted.shares();
    const row = this.records.row(0);
    this.records.rungs.forEach((lead, j) => {
      const target = end - 1 + lead;
      row[j] = target < length ? this.parentPast.values[target] * this.shareOf(target) : Number.NaN;
    });
    this.records.note(end);
  }
}
