import type { ForecasterState, Series } from "./forecaster.js";

/**
 * Slow work: learn from a history, and compute what each candidate would have forecast for the last
 * bins.
 */
export interface TrainingRequest {
  /** Names the series in events and logs. */
  readonly series: string;
  /** Names of forecasters. */
  readonly candidates: readonly string[];
  readonly history: Series;
  /** The number of last bins that the walk-forward backtest covers; 0 = none. */
  readonly backtestBins: number;
  /** The lead in bins at which capacity must be ready, and the quantile to provide for. */
  readonly leadBins: number;
  readonly level: number;
}

export interface TrainingResult {
  /** What each candidate learnt. */
  readonly states: readonly ForecasterState[];
  /**
   * `costs[candidate][i]`: newsvendor cost of the forecast of bin n − backtestBins + i, made
   * leadBins before. NaN = unknown.
   */
  readonly costs: readonly Float64Array[];
}

export type TrainingOutcome =
  | { readonly kind: "trained"; readonly result: TrainingResult }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Trains outside the control plane: for a modelled time in simulation, in a worker thread in live
 * mode. The outcome arrives as an event, never before `train` returns.
 */
export interface Training {
  train(request: TrainingRequest, deliver: (outcome: TrainingOutcome) => void): void;
}

/** What happened to the forecasters of one series, and why. */
export interface TrainerEvent {
  readonly atMs: number;
  readonly series: string;
  readonly kind: "started" | "trained" | "training-failed" | "promoted" | "demoted" | "drift" | "outage" | "recovered";
  /** The forecaster that serves after the event. */
  readonly champion: string;
  readonly reason: string;
  readonly details?: Readonly<Record<string, number>>;
  /**
   * Mean newsvendor cost per bin of every candidate over at most the last week, whether it served
   * or shadowed. Left out if unknown.
   */
  readonly costs?: Readonly<Record<string, number>>;
}
