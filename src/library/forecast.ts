import { COMPARED_FORECASTERS, checkForecasterName } from "../forecasting/catalogue.js";
import { judgeTrace } from "../forecasting/judge-trace.js";
import { type TraceForecast, totalOf } from "../forecasting/trace-forecast.js";
import { readTraceCsv } from "../traffic/trace-csv.js";
import {
  checkWork,
  type OptionNames,
  outOfRange,
  SHARED_WORK_OPTIONS,
  type SharedWorkOptions,
} from "./work-options.js";

export interface ForecastOptions extends SharedWorkOptions {
  /** The forecasters to compare; default: those that `headrace forecast` compares. */
  readonly models?: readonly string[];
  /** The lead that capacity is provisioned for, in ms; default: one bin of the trace. */
  readonly horizonMs?: number;
  /** Quantiles of the outlook, in (0, 1) and rising. */
  readonly levels?: readonly number[];
}

const FORECAST_OPTIONS: OptionNames<ForecastOptions> = {
  ...SHARED_WORK_OPTIONS,
  models: true,
  horizonMs: true,
  levels: true,
};

const LEVELS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

/**
 * Judges forecasters on the last week of a trace (CSV with `timestamp,value`), and forecasts the
 * day that follows with the cheapest: `outlook.quantiles[k]` is a Float64Array[bins] of requests
 * per bin at the level `outlook.levels[k]`. Throws InputError for a trace that cannot be read, or
 * is too short, and for an option that is unknown or out of range.
 */
export async function forecast(traceFile: string, options: ForecastOptions = {}): Promise<TraceForecast> {
  const { models = COMPARED_FORECASTERS, horizonMs, levels = LEVELS, ...pool } = options;
  checkWork(options, FORECAST_OPTIONS);
  checkLevels(levels);
  if (horizonMs !== undefined && !(horizonMs > 0 && Number.isFinite(horizonMs)))
    throw outOfRange("horizonMs", horizonMs, "a time in ms, more than 0");
  for (const model of models) checkForecasterName(model);
  pool.signal?.throwIfAborted();
  const series = totalOf(await readTraceCsv(traceFile, "kept"));
  return judgeTrace({ trace: traceFile, series, models, horizonMs, levels, options: { events: [] } }, pool);
}

function checkLevels(levels: readonly number[]): void {
  const rises = levels.every((level, i) => level > 0 && level < 1 && (i === 0 || level > levels[i - 1]));
  if (levels.length === 0 || !rises)
    throw outOfRange("levels", `[${levels.join(", ")}]`, "shares between 0 and 1 that rise");
}
