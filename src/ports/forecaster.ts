/** A regular series of counts. `values[i]` is the bin that starts at `startMs + i·binMs` (ms since 1970, UTC); NaN = unknown. */
export interface Series {
  readonly startMs: number;
  readonly binMs: number;
  readonly values: Float64Array;
}

/** A forecast of the next bins: the mean (or median where the model has none) and one row of quantiles per level. */
export interface Forecast {
  /** Float64Array[bins]. */
  readonly mean: Float64Array;
  /** The levels, ascending, in (0, 1). */
  readonly levels: readonly number[];
  /** `quantiles[k][i]`: level k, bin i; Float64Array[bins] each, never negative, never decreasing in k. */
  readonly quantiles: readonly Float64Array[];
}

/** The levels of a forecast if none are asked for. */
export const DEFAULT_LEVELS: readonly number[] = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/** A model of one series. Cold start degrades (wider, simpler) and never throws; counts are never negative. */
export interface Forecaster {
  readonly name: string;
  /** Learns from scratch. */
  fit(history: Series): void;
  /** Takes the next bin in, without a refit; NaN = unknown. */
  update(bin: number): void;
  /** Forecasts the bins after the last one taken in, at `levels` (ascending, in (0, 1); DEFAULT_LEVELS if left out). */
  forecast(bins: number, levels?: readonly number[]): Forecast;
}

/** What a forecaster learnt, as plain rows of numbers: it can pass between threads. */
export type ForecasterState = readonly Float64Array[];

/** A forecaster that can learn in one place and forecast in another. */
export interface TrainableForecaster extends Forecaster {
  /** What was learnt by the last `fit` and the updates since. */
  state(): ForecasterState;
  /** Takes over what a forecaster of the same name learnt from this very history; takes milliseconds where `fit` takes hundreds. */
  restore(history: Series, state: ForecasterState): void;
}
