import { InputError } from "../base/errors.js";
import type { ForecastArguments } from "./forecast.js";
import { forecastBench } from "./forecast-bench-run.js";

/** `headrace forecast`: a trace's backtest, or the protocol of a bench. */
export async function forecast(argv: ForecastArguments): Promise<void> {
  if (argv.threads !== undefined && !(Number.isInteger(argv.threads) && argv.threads >= 1)) {
    throw new InputError({
      where: "--threads",
      got: String(argv.threads),
      expected: "a whole number of at least 1",
    });
  }
  if (argv.bench !== undefined) return forecastBench(argv, argv.bench);
  throw new InputError({ got: "no trace", expected: "a trace to forecast, or --bench DIR" });
}
