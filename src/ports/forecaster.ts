/**
 * A regular series of counts. `values[i]` is the bin that starts at `startMs + i·binMs` (ms since
 * 1970, UTC). NaN = unknown.
 */
export interface Series {
  readonly startMs: number;
  readonly binMs: number;
  readonly values: Float64Array;
}

/**
 * A forecast of the next bins: the mean (the median if the model has no mean), and one row of
 * quantiles per level.
 */
export interface Forecast {
  /** Float64Array[bins]. */
  readonly mean: Float64Array;
  /** The levels, ascending, in (0, 1). */
  readonly levels: readonly number[];
  /**
   * `quantiles[k][i]`: level k, bin i. Float64Array[bins] each, never negative, never decreasing in
   * k.
   */
  readonly quantiles: readonly Float64Array[];
}

/** The levels of a forecast if the caller gives none. */
export const DEFAULT_LEVELS: readonly number[] = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/**
 * A model of one series. With little history its forecasts are wider and simpler; it never throws.
 * Its counts are never negative.
 */
export interface Forecaster {
  readonly name: string;
  /** Learns from scratch. */
  fit(history: Series): void;
  /** Appends the next bin, without a refit; NaN = unknown. */
  update(bin: number): void;
  /**
   * Forecasts the bins after the last known one, at `levels` (ascending, in (0, 1); DEFAULT_LEVELS
   * if left out; none = only the mean is asked for).
   */
  forecast(bins: number, levels?: readonly number[]): Forecast;
}

/** What a forecaster learnt, as plain rows of numbers: it can pass between threads. */
export type ForecasterState = readonly Float64Array[];

/** A forecaster that can learn in one place and forecast in another. */
export interface TrainableForecaster extends Forecaster {
  /** The longest lead that it learns for, in bins; any if left out. */
  readonly longestLead?: number;
  /** What was learnt by the last `fit` and the updates since. */
  state(): ForecasterState;
  /**
   * Restores the state of a forecaster of the same name and longest lead that was fitted to this
   * very history. Takes milliseconds, where `fit` takes hundreds.
   */
  restore(history: Series, state: ForecasterState): void;
}

/** Remembers what forecasters learnt from which history. */
export interface FitMemory {
  /**
   * Fits `forecaster` to `series`, or restores what a forecaster of its name and longest lead
   * learnt from the same values.
   */
  fit(forecaster: TrainableForecaster, series: Series): void;
}
