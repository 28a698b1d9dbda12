import type { TrainableForecaster } from "../../ports/forecaster.js";
import { newsvendorCost } from "./newsvendor.js";

/**
 * A forecaster on trial: it takes in every bin and says the provisioned quantile for the bin that is `leadBins` ahead, whether it serves or
 * only shadows; what its word would have cost is kept per bin.
 */
export class Candidate {
  /** Whether it has learnt: one that has not says nothing and is not judged. */
  hasLearnt = true;
  /** Costs of the last bins, a ring: slot (bin mod length). NaN = unknown. */
  private readonly costs: Float64Array;
  /** What was said for the bins under way: slot (bin mod leadBins). */
  private readonly said: Float64Array;

  constructor(
    readonly name: string,
    public forecaster: TrainableForecaster,
    private readonly leadBins: number,
    private readonly level: number,
    keptBins: number,
  ) {
    this.costs = new Float64Array(keptBins).fill(Number.NaN);
    this.said = new Float64Array(leadBins).fill(Number.NaN);
  }

  /** Costs from a backtest of the bins before `length`. */
  adopt(costs: Float64Array, length: number): void {
    const skip = Math.max(0, costs.length - this.costs.length);
    for (let i = skip; i < costs.length; i++) this.costs[(length - costs.length + i) % this.costs.length] = costs[i];
  }

  /** Says what to provide for bin `length − 1 + leadBins`, having seen `length` bins. */
  speak(length: number): void {
    if (!this.hasLearnt) return;
    const { quantiles } = this.forecaster.forecast(this.leadBins, [this.level]);
    this.said[(length - 1 + this.leadBins) % this.leadBins] = quantiles[0][this.leadBins - 1];
  }

  /** Bin `bin` held `value` (NaN = unknown): what was said of it is judged. */
  judge(bin: number, value: number): void {
    const slot = bin % this.leadBins;
    this.costs[bin % this.costs.length] = newsvendorCost(value, this.said[slot], this.level);
    this.said[slot] = Number.NaN;
  }

  /** The costs of the `bins` bins before `length`, oldest first. Float64Array[bins]. */
  recent(length: number, bins: number): Float64Array {
    const count = Math.min(bins, this.costs.length, length);
    return Float64Array.from({ length: count }, (_, i) => this.costs[(length - count + i) % this.costs.length]);
  }
}
