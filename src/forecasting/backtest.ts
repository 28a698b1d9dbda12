import { performance } from "node:perf_hooks";
import { newsvendorCost } from "../control/trainer/newsvendor.js";
import type { Series } from "../ports/forecaster.js";
import type { MakeForecaster } from "./catalogue.js";

/** The levels that a backtest judges, ascending. */
export const BACKTEST_LEVELS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const;
const MEDIAN = BACKTEST_LEVELS.indexOf(0.5);
const NINETY = BACKTEST_LEVELS.indexOf(0.9);
/** Most forecasts judged in a backtest: more take longer and hardly change the figures. */
const MOST_ORIGINS = 1008;

export interface BacktestPlan {
  readonly series: Series;
  /** The backtest judges bins from here on. */
  readonly from: number;
  /** Leads that are judged, in bins, ascending. */
  readonly leads: readonly number[];
  readonly refitEveryBins: number;
}

/** Scores of one model's forecasts at one lead, over all origins. */
interface LeadScore {
  readonly lead: number;
  readonly forecasts: number;
  /**
   * Mean absolute error of the median ÷ that of the value a day (or one bin) before, over the bins
   * before the backtest (Hyndman and Koehler 2006).
   */
  readonly mase: number;
  /** Mean pinball loss over the levels, in requests a bin. */
  readonly pinball: number;
  /** Share of bins at or below each level's quantile: `coverage[k]` for BACKTEST_LEVELS[k]. */
  readonly coverage: readonly number[];
  /** Mean newsvendor cost at 0.9 (under : over = 9 : 1), in requests a bin. */
  readonly cost: number;
}

export interface ModelBacktest {
  readonly model: string;
  readonly scores: readonly LeadScore[];
  /** `costs[j][i]`: newsvendor cost at lead j of origin i; NaN = unknown. */
  readonly costs: readonly Float64Array[];
  /**
   * Mean absolute error at each lead by hour of the day (24) and weekday (7, Monday first), UTC;
   * NaN = none.
   */
  readonly byHour: readonly Float64Array[];
  readonly byWeekday: readonly Float64Array[];
  /** Means of wall time. */
  readonly fitMs: number;
  readonly stepMs: number;
}

/**
 * Walks forward: refits on a schedule, adds bin by bin, and judges each forecast. A forecast
 * reads nothing past its origin.
 */
export function backtest(model: string, make: MakeForecaster, plan: BacktestPlan): ModelBacktest {
  const { series, from, leads, refitEveryBins } = plan;
  const n = series.values.length;
  const longest = leads[leads.length - 1];
  const every = Math.max(1, Math.floor((n - from) / MOST_ORIGINS));
  const tallies = leads.map((lead) => new Tally(lead, series));
  const forecaster = make();
  let fitMs = 0;
  let fits = 0;
  let stepMs = 0;
  for (let end = from; end < n; end++) {
    if ((end - from) % refitEveryBins === 0) {
      const began = performance.now();
      forecaster.fit({ ...series, values: series.values.slice(0, end) });
      fitMs += performance.now() - began;
      fits++;
    }
    const began = performance.now();
    if ((end - from) % every === 0) {
      const { quantiles } = forecaster.forecast(Math.min(longest, n - end), BACKTEST_LEVELS);
      for (const tally of tallies) tally.judge(end, quantiles);
    }
    forecaster.update(series.values[end]);
    stepMs += performance.now() - began;
  }
  const scale = seasonalScale(series, from);
  return {
    model,
    scores: tallies.map((tally) => tally.score(scale)),
    costs: tallies.map((tally) => Float64Array.from(tally.costs)),
    byHour: tallies.map((tally) => tally.hours.means()),
    byWeekday: tallies.map((tally) => tally.weekdays.means()),
    fitMs: fitMs / fits,
    stepMs: stepMs / (n - from),
  };
}

/** Sums errors into a few groups. */
class GroupedMean {
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;

  constructor(groups: number) {
    this.sums = new Float64Array(groups);
    this.counts = new Float64Array(groups);
  }

  add(group: number, value: number): void {
    this.sums[group] += value;
    this.counts[group]++;
  }

  means(): Float64Array {
    return this.sums.map((sum, g) => sum / this.counts[g]);
  }
}

class Tally {
  readonly costs: number[] = [];
  readonly hours = new GroupedMean(24);
  readonly weekdays = new GroupedMean(7);
  private absolute = 0;
  private pinball = 0;
  private forecasts = 0;
  private readonly below = new Float64Array(BACKTEST_LEVELS.length);

  constructor(
    private readonly lead: number,
    private readonly series: Series,
  ) {}

  judge(end: number, quantiles: readonly Float64Array[]): void {
    const target = end + this.lead - 1;
    const value = target < this.series.values.length ? this.series.values[target] : Number.NaN;
    if (Number.isNaN(value)) {
      this.costs.push(Number.NaN);
      return;
    }
    const issued = quantiles.map((row) => row[this.lead - 1]);
    const error = Math.abs(value - issued[MEDIAN]);
    this.forecasts++;
    this.absolute += error;
    issued.forEach((quantile, k) => {
      this.pinball += newsvendorCost(value, quantile, BACKTEST_LEVELS[k]) / issued.length;
      if (value <= quantile) this.below[k]++;
    });
    this.costs.push(newsvendorCost(value, issued[NINETY], BACKTEST_LEVELS[NINETY]));
    const hour = Math.floor((this.series.startMs + target * this.series.binMs) / 3_600_000);
    this.hours.add(((hour % 24) + 24) % 24, error);
    // 1970-01-01 was a Thursday: three days after a Monday.
    this.weekdays.add((((Math.floor(hour / 24) + 3) % 7) + 7) % 7, error);
  }

  score(scale: number): LeadScore {
    const n = this.forecasts;
    const known = this.costs.filter((cost) => !Number.isNaN(cost));
    return {
      lead: this.lead,
      forecasts: n,
      mase: this.absolute / n / scale,
      pinball: this.pinball / n,
      coverage: Array.from(this.below, (count) => count / n),
      cost: known.reduce((sum, cost) => sum + cost, 0) / n,
    };
  }
}

/**
 * Mean |y(t) − y(t − a day)| before `from`; of neighbouring bins where there is no day. 1 where all
 * bins are alike.
 */
function seasonalScale(series: Series, from: number): number {
  const day = Math.round(86_400_000 / series.binMs);
  const lag = from > 2 * day && day >= 2 ? day : 1;
  let sum = 0;
  let count = 0;
  for (let t = lag; t < from; t++) {
    const change = Math.abs(series.values[t] - series.values[t - lag]);
    if (Number.isNaN(change)) continue;
    sum += change;
    count++;
  }
  return sum > 0 ? sum / count : 1;
}
