import type { BinHistory, Season } from "./bin-history.js";

/**
 * A model that says one value (the median, as far as it can) per lead. After `fit` it can speak from any past end: `predict` reads
 * history[0, end) and nothing later, which is what lets an ensemble replay it over the past and weigh it by its matured errors.
 */
export interface PointModel {
  readonly name: string;
  /** It has nothing to say below this many bins of history. */
  minimumBins(season: Season): number;
  /** Learns its parameters from history[0, end), and carries its running state to the end of the history. */
  fit(history: BinHistory, end: number): void;
  /** The history has grown by one bin: running state is carried on, parameters stay. */
  extend(history: BinHistory): void;
  /** The history has forgotten its first bins; so does the running state. */
  dropFirst(bins: number): void;
  /** out[k] = the value of bin end − 1 + leads[k], said with history[0, end). */
  predict(history: BinHistory, end: number, leads: Int32Array, out: Float64Array): void;
}
