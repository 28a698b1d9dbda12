import { DEFAULT_LEVELS, type Forecast, type Forecaster, type Series } from "../../ports/forecaster.js";
import type { Season } from "./bin-history.js";
import { leadsUpTo } from "./lead-ladder.js";
import { LeadRecords } from "./lead-records.js";

/** A share follows with a half-life of three days: shares move slower than traffic. */
const SHARE_DAYS = 3 / Math.LN2;
const RECORD_DAYS = 7;
const BINS_WITHOUT_DAY = 288;
/** The parent's bins that are replayed for the first residuals. */
const REPLAYED_DAYS = 3;

/**
 * A series with too little traffic for a model of its own: its smoothed share of its parent's forecast. Its quantiles come from its own
 * residuals, so that they hold for it, not for a scaled-down parent: small counts scatter more.
 */
export class ShareSplit {
  private records: LeadRecords;
  private own = 0;
  private all = 0;
  private length = 0;
  private readonly dayBins: number;

  /** `parentPast`: what the parent was fitted on; bin i of it is bin i of this series' history. */
  constructor(
    private readonly parent: Forecaster,
    private readonly parentPast: Series,
    private readonly season: Season,
  ) {
    this.dayBins = season.dayBins || BINS_WITHOUT_DAY;
    this.records = new LeadRecords(season, 1, RECORD_DAYS * this.dayBins);
  }

  fit(history: Series): void {
    this.records = new LeadRecords(this.season, 1, RECORD_DAYS * this.dayBins);
    this.own = 0;
    this.all = 0;
    this.length = history.values.length;
    const from = this.length - REPLAYED_DAYS * this.dayBins;
    for (let t = 0; t < this.length; t++) {
      // The parent's forecasts of its past are gone; its past itself stands for them: the scatter of the share is what matters.
      if (t >= from && t > 0) this.noteReplay(t, this.length);
      this.records.mature(t, history.values[t], 1);
      this.learnShare(history.values[t], this.parentPast.values[t]);
    }
    this.say();
  }

  /** The next bin of this series, and of the parent, which must have taken it in before. */
  update(bin: number, parentBin: number): void {
    this.records.mature(this.length, bin, 1);
    this.learnShare(bin, parentBin);
    this.length++;
    this.say();
  }

  forecast(bins: number, levels: readonly number[] = DEFAULT_LEVELS): Forecast {
    const parent = this.parent.forecast(bins, [0.5]);
    const points = parent.quantiles[0].map((value) => value * this.share);
    const leads = leadsUpTo(bins);
    return {
      mean: parent.mean.map((value) => value * this.share),
      levels,
      quantiles: levels.map((level) => points.map((point, i) => this.records.quantile(point, leads[i], level))),
    };
  }

  private get share(): number {
    return this.all > 0 ? Math.min(1, this.own / this.all) : 0;
  }

  private say(): void {
    const { rungs } = this.records;
    const { quantiles } = this.parent.forecast(rungs[rungs.length - 1], [0.5]);
    const row = this.records.row(0);
    rungs.forEach((lead, j) => {
      row[j] = quantiles[0][lead - 1] * this.share;
    });
    this.records.note(this.length);
  }

  private noteReplay(end: number, length: number): void {
    const row = this.records.row(0);
    this.records.rungs.forEach((lead, j) => {
      const target = end - 1 + lead;
      row[j] = target < length ? this.parentPast.values[target] * this.share : Number.NaN;
    });
    this.records.note(end);
  }

  private learnShare(own: number, all: number): void {
    if (!(own >= 0) || !(all >= 0)) return;
    const keep = Math.exp(-1 / (SHARE_DAYS * this.dayBins));
    this.own = this.own * keep + own;
    this.all = this.all * keep + all;
  }
}
