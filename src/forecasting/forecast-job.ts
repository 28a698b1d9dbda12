import { performance } from "node:perf_hooks";
import { type BacktestPlan, backtest, type ModelBacktest } from "./backtest.js";
import { type BenchLine, type BenchSeries, forecastOrigin } from "./bench.js";
import { type ForecasterOptions, openForecaster } from "./catalogue.js";

/** Forecasts of some origins of one bench series by one model. */
export interface BenchJob {
  readonly kind: "bench";
  readonly model: string;
  readonly options?: ForecasterOptions;
  readonly bench: BenchSeries;
}

/** The walk-forward backtest of one model. */
interface BacktestJob {
  readonly kind: "backtest";
  readonly model: string;
  readonly options?: ForecasterOptions;
  readonly plan: BacktestPlan;
}

export type ForecastJob = BenchJob | BacktestJob;

export interface ForecastJobResult {
  /** Of a bench job. */
  readonly lines: readonly BenchLine[];
  /** Of a backtest. */
  readonly backtest: ModelBacktest | undefined;
  readonly backend: string | undefined;
  /** Wall time of fits and forecasts together. */
  readonly wallMs: number;
}

/** Runs one job in this thread. */
export async function runForecastJob(job: ForecastJob): Promise<ForecastJobResult> {
  const { make, backend } = await openForecaster(job.model, job.options);
  const began = performance.now();
  const lines =
    job.kind === "bench" ? job.bench.origins.map((origin) => forecastOrigin(job.bench, origin, make())) : [];
  const judged = job.kind === "backtest" ? backtest(job.model, make, job.plan) : undefined;
  return { lines, backtest: judged, backend, wallMs: performance.now() - began };
}
