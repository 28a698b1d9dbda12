import type { BinHistory } from "./bin-history.js";
import type { PointModel } from "./point-model.js";
import { type Season, seasonBefore, seasonBins, valueAt } from "./season.js";
import { StatelessModel } from "./stateless-model.js";

/** Forecasts the value of one season earlier: of yesterday, or of a week ago. */
export class SeasonalNaive extends StatelessModel implements PointModel {
  readonly name: string;
  readonly isWeekly: boolean;

  constructor(private readonly period: "day" | "week") {
    super();
    this.name = `seasonal-naive-${period}`;
    this.isWeekly = period === "week";
  }

  minimumBins(season: Season): number {
    return seasonBins(this.lag(season));
  }

  predict(history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    const lag = this.lag(history.season);
    const y = history.values.data;
    for (let k = 0; k < leads.length; k++) out[k] = valueAt(y, seasonBefore(end - 1 + leads[k], lag, end));
  }

  private lag(season: Season): number {
    return this.period === "day" ? season.dayLag : season.weekLag;
  }
}
