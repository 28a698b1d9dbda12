import type { Forecast } from "../../../ports/forecaster.js";
import type { ArrivalHistory, PolicyContext } from "../../../ports/policy.js";
import { Hierarchy, type MakeNode, type PastRows } from "../../forecast/hierarchy.js";

/** Bins that a decision reads where spawns take up to a few minutes. */
export const NEAR_BINS = 2;
/** The most bins that are forecast: an hour of five-minute bins. */
export const BINS_AHEAD = 12;
const DAY_MS = 86_400_000;

/**
 * The arrival forecasts of all pools, which share one hierarchy: fleet, region, pool. Segments do
 * not decide where a request goes, so they are summed in their pool. The forecasts are updated bin
 * by bin. Once a day the hierarchy checks which pools have enough traffic for their own model.
 */
export class FleetForecast {
  private readonly hierarchy: Hierarchy;
  private readonly bins: Float64Array;
  /** Bins taken in; −1 before the first. */
  private taken = -1;

  /**
   * `sharing`: a pool with little traffic takes a share of a larger set's forecast. Otherwise each
   * pool is forecast on its own.
   */
  constructor(pools: PolicyContext["pools"], make: MakeNode, sharing: boolean) {
    this.bins = new Float64Array(pools.length);
    const tree = {
      paths: pools.map((pool) => [pool.region, pool.name]),
      pooled: pools.map((_, i) => [i]),
      names: pools.map((pool) => pool.name),
    };
    this.hierarchy = new Hierarchy(tree, make, sharing ? undefined : 0, BINS_AHEAD);
  }

  /** Appends the bins that were closed since the last call. */
  update(history: ArrivalHistory): void {
    if (this.taken < 0) {
      this.hierarchy.fit(this.past(history));
      this.taken = history.length;
      return;
    }
    for (; this.taken < history.length; this.taken++) {
      for (let pool = 0; pool < this.bins.length; pool++) this.bins[pool] = history.at(pool, this.taken);
      this.hierarchy.update(this.bins);
      if ((this.taken + 1) % Math.max(1, Math.round(DAY_MS / history.binMs)) === 0)
        this.hierarchy.review(this.past(history, this.taken + 1));
    }
  }

  /** The bins after the last one taken in; without levels, their means alone. */
  forecast(pool: number, bins: number, levels?: readonly number[]): Forecast {
    return this.hierarchy.forecast(pool, bins, levels);
  }

  private past(history: ArrivalHistory, length = history.length): PastRows {
    const { binMs, epochMs, originMs } = history;
    const rows: Float64Array[] = [];
    for (let pool = 0; pool < this.bins.length; pool++) rows.push(rowOf(history, pool, length));
    return { startMs: epochMs + originMs, binMs, rows };
  }
}

/** The first bins of a pool. */
function rowOf(history: ArrivalHistory, pool: number, length: number): Float64Array {
  const row = new Float64Array(length);
  for (let bin = 0; bin < length; bin++) row[bin] = history.at(pool, bin);
  return row;
}
