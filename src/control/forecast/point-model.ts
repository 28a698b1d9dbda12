import type { BinHistory } from "./bin-history.js";
import type { Season } from "./season.js";

/**
 * A model that forecasts one value per lead: the median, as far as it can. After `restore` it can
 * forecast from any past end: `predict` reads history[0, end) and nothing later. So an ensemble can
 * replay it over the past and weigh it by its errors. Learning is slow and returns plain numbers,
 * so another thread can do it. Restoring is fast.
 */
export interface PointModel {
  readonly name: string;
  /** Learning takes seconds, not milliseconds: only a fit starts it, never an update. */
  readonly isSlow?: boolean;
  /** True if it distinguishes the days of the week. */
  readonly isWeekly?: boolean;
  /** With fewer bins of history it has no forecast. */
  minimumBins(season: Season): number;
  /**
   * The parameters learnt from history[0, end), end ≥ minimumBins. Call `restore` before the next
   * forecast.
   */
  learn(history: BinHistory, end: number): Float64Array;
  /** Takes parameters of `learn` over, and carries running state to the end of the history. */
  restore(history: BinHistory, parameters: Float64Array): void;
  /** The history has grown: running state is carried on, parameters stay. */
  extend(history: BinHistory): void;
  /** The history has forgotten its first bins; so does the running state. */
  dropFirst(bins: number): void;
  /** out[k] = the forecast of bin end − 1 + leads[k], from history[0, end). `leads` ascend. */
  predict(history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void;
}
