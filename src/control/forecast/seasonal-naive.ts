import type { BinHistory } from "./bin-history.js";
import type { PointModel } from "./point-model.js";
import { type Season, seasonBefore, seasonBins, valueAt } from "./season.js";

/** Says what was seen at this time one season ago: yesterday, or a week ago. */
export class SeasonalNaive implements PointModel {
  readonly name: string;

  constructor(private readonly period: "day" | "week") {
    this.name = `seasonal-naive-${period}`;
  }

  minimumBins(season: Season): number {
    return seasonBins(this.lag(season));
  }

  learn(): Float64Array {
    return new Float64Array(0);
  }

  restore(): void {}

  extend(): void {}

  dropFirst(): void {}

  predict(history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void {
    const lag = this.lag(history.season);
    const y = history.values.data;
    for (let k = 0; k < leads.length; k++) out[k] = valueAt(y, seasonBefore(end - 1 + leads[k], lag, end));
  }

  private lag(season: Season): number {
    return this.period === "day" ? season.dayLag : season.weekLag;
  }
}
