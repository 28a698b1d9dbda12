import { performance } from "node:perf_hooks";
import { type BenchLine, type BenchSeries, forecastOrigin } from "./bench.js";
import { openForecaster } from "./catalogue.js";

/** Forecasts of some origins of one bench series by one model. */
export interface BenchJob {
  readonly kind: "bench";
  readonly model: string;
  readonly bench: BenchSeries;
}

export interface BenchJobResult {
  readonly kind: "bench";
  readonly lines: readonly BenchLine[];
  /** Wall time of fits and forecasts together. */
  readonly wallMs: number;
}

export type ForecastJob = BenchJob;
export type ForecastJobResult = BenchJobResult;

/** Runs one job in this thread. */
export async function runForecastJob(job: ForecastJob): Promise<ForecastJobResult> {
  const make = await openForecaster(job.model);
  const began = performance.now();
  const lines = job.bench.origins.map((origin) => forecastOrigin(job.bench, origin, make()));
  return { kind: "bench", lines, wallMs: performance.now() - began };
}
