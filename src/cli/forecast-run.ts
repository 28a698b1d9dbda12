import { InputError } from "../base/errors.js";
import type { ForecastArguments } from "./forecast.js";
import { forecastBench } from "./forecast-bench-run.js";
import { forecastTrace } from "./forecast-trace-run.js";

/** `headrace forecast`: a trace's backtest, or the protocol of a bench. */
export async function forecast(argv: ForecastArguments): Promise<void> {
  if (argv.bench !== undefined) return forecastBench(argv, argv.bench);
  if (argv.trace === undefined)
    throw new InputError({ code: "HR1007", got: "no trace", expected: "a trace to forecast, or --bench DIR" });
  return forecastTrace(argv, argv.trace);
}
