import type { TrainableForecaster } from "../../ports/forecaster.js";
import { newsvendorCost } from "./newsvendor.js";

/** The lead and quantile that each candidate must forecast, and how many costs are kept of it. */
export interface TrialSpec {
  /** Bins from the last known one to the forecast one. */
  readonly leadBins: number;
  /** The quantile to forecast. */
  readonly level: number;
  readonly keptBins: number;
}

/**
 * A forecaster on trial. After every bin it issues the provisioned quantile of the bin that is
 * `leadBins` ahead, whether it serves or only shadows. The cost of each issued forecast is kept.
 */
export class Candidate {
  /** An untrained candidate issues no forecast and is not judged. */
  stage: "untrained" | "trained" = "trained";
  /** Costs of the last bins, a ring: slot (bin mod length). NaN = unknown. */
  private readonly costs: Float64Array;
  /** Forecasts of bins that are not closed: slot (bin mod leadBins). */
  private readonly issued: Float64Array;

  constructor(
    readonly name: string,
    public forecaster: TrainableForecaster,
    private readonly trial: TrialSpec,
  ) {
    this.costs = new Float64Array(trial.keptBins).fill(Number.NaN);
    this.issued = new Float64Array(trial.leadBins).fill(Number.NaN);
  }

  /** Costs from a backtest of the bins before `length`. */
  adopt(costs: Float64Array, length: number): void {
    const skip = Math.max(0, costs.length - this.costs.length);
    for (let i = skip; i < costs.length; i++) this.costs[(length - costs.length + i) % this.costs.length] = costs[i];
  }

  /** Issues the forecast of bin `length − 1 + leadBins`, after `length` bins. */
  issue(length: number): void {
    if (this.stage === "untrained") return;
    const { leadBins, level } = this.trial;
    const { quantiles } = this.forecaster.forecast(leadBins, [level]);
    this.issued[(length - 1 + leadBins) % leadBins] = quantiles[0][leadBins - 1];
  }

  /** Judges the forecast of bin `bin` by its value (NaN = unknown). */
  judge(bin: number, value: number): void {
    const { leadBins, level } = this.trial;
    const slot = bin % leadBins;
    this.costs[bin % this.costs.length] = newsvendorCost(value, this.issued[slot], level);
    this.issued[slot] = Number.NaN;
  }

  /** The costs of the `bins` bins before `length`, oldest first. Float64Array[bins]. */
  recent(length: number, bins: number): Float64Array {
    const count = Math.min(bins, this.costs.length, length);
    return Float64Array.from({ length: count }, (_, i) => this.costs[(length - count + i) % this.costs.length]);
  }
}
