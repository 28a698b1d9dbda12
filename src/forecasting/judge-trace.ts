import type { Series } from "../ports/forecaster.js";
import type { ModelBacktest } from "./backtest.js";
import { type ForecasterOptions, openForecaster } from "./catalogue.js";
import { type PoolOptions, runForecastJobs } from "./thread-pool.js";
import { concludeTraceForecast, planOf, type TraceForecast } from "./trace-forecast.js";

const DAY_MS = 86_400_000;

/** The parameters of a judgement. */
export interface TraceJudgement {
  /** The name in messages and in the answer. */
  readonly trace: string;
  readonly series: Series;
  readonly models: readonly string[];
  /** The lead that capacity is provisioned for; one bin where left out. */
  readonly horizonMs: number | undefined;
  readonly options: ForecasterOptions;
  /** The levels of the outlook, in (0, 1) and rising. */
  readonly levels: readonly number[];
}

/**
 * Backtests the forecasters on the end of a series, finds the cheapest, and forecasts a day (at
 * most the length of the series) that follows. Throws InputError for an unknown forecaster, a
 * series
 * that is too short and a horizon that is too long.
 */
export async function judgeTrace(judgement: TraceJudgement, pool: PoolOptions): Promise<TraceForecast> {
  const { trace, series, models, options, levels } = judgement;
  const { provisioned, ...plan } = planOf(trace, series, judgement.horizonMs);
  const jobs = models.map((model) => ({ kind: "backtest" as const, model, plan, options }));
  const results = await runForecastJobs(jobs, pool);
  const concluded = concludeTraceForecast({
    trace,
    series,
    plan,
    provisioned,
    models: results.map((result) => result.backtest as ModelBacktest),
    backend: results.find((result) => result.backend !== undefined)?.backend,
  });
  const forecaster = (await openForecaster(concluded.champion, options)).make();
  forecaster.fit(series);
  const bins = Math.max(plan.leads[provisioned], Math.min(Math.round(DAY_MS / series.binMs), series.values.length));
  return { ...concluded, outlook: forecaster.forecast(bins, levels) };
}
