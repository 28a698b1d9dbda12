import { basename, extname, join } from "node:path";
import { parseQuantity } from "../base/units.js";
import { checkFolder } from "../experiment/output.js";
import { COMPARED_FORECASTERS, checkForecasterName, type ForecasterOptions } from "../forecasting/catalogue.js";
import { countryHolidays } from "../forecasting/country-holidays.js";
import { readEvents } from "../forecasting/event-file.js";
import { judgeTrace } from "../forecasting/judge-trace.js";
import { forecastDocument, planOf, type TraceForecast, totalOf } from "../forecasting/trace-forecast.js";
import type { Series } from "../ports/forecaster.js";
import { readTraceCsv } from "../traffic/trace-csv.js";
import type { ForecastArguments } from "./forecast.js";
import { forecastTable } from "./forecast-table.js";
import { interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";

/** The levels of the outlook's fan. */
const FAN_LEVELS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];
const DAY_MS = 86_400_000;
const YEAR_MS = 366 * DAY_MS;

/** Judges forecasters on a trace and writes the report, or prints the JSON. */
export async function forecastTrace(argv: ForecastArguments, file: string): Promise<void> {
  const { threads } = argv;
  const models = [...new Set(argv.model ?? COMPARED_FORECASTERS)];
  for (const model of models) checkForecasterName(model);
  const horizonMs = argv.horizon === undefined ? undefined : Number(parseQuantity("duration", argv.horizon));
  const series = totalOf(await readTraceCsv(file, "kept"));
  // A horizon that is too long is refused before a folder is looked at.
  planOf(file, series, horizonMs);
  const folder = argv.out ?? join("reports", `${basename(file, extname(file))}-forecast`);
  if (!argv.json) await checkFolder(folder);
  const options = await forecasterOptions(argv, series);
  const interrupt = interruptSignal();
  const bar = new ProgressBar("backtesting", argv.quiet);
  try {
    const pool = { onProgress: bar.show, signal: interrupt.signal, ...(threads === undefined ? {} : { threads }) };
    const judgement = { trace: file, series, models, horizonMs, options, levels: FAN_LEVELS };
    const result = await judgeTrace(judgement, pool);
    bar.clear();
    await show(argv, result, folder);
  } finally {
    interrupt.dispose();
  }
}

async function show(argv: ForecastArguments, result: TraceForecast, folder: string): Promise<void> {
  if (argv.json) {
    process.stdout.write(`${JSON.stringify(forecastDocument(result), null, 2)}\n`);
    return;
  }
  const { writeForecastReport } = await import("../report/forecast-report.js");
  const { indexHtml } = await writeForecastReport(result, folder, commandOf(argv, result));
  if (argv.quiet) return;
  process.stdout.write(`${forecastTable(result)}\n\nReport: ${indexHtml}\n`);
}

async function forecasterOptions(argv: ForecastArguments, series: Series): Promise<ForecasterOptions> {
  const endMs = series.startMs + series.values.length * series.binMs + YEAR_MS;
  const holidays =
    argv.holidays === undefined ? [] : await countryHolidays(argv.holidays, series.startMs - YEAR_MS, endMs);
  const events = argv.events === undefined ? [] : await readEvents(argv.events);
  return { events: [...holidays, ...events], ...(argv.backend === undefined ? {} : { backend: argv.backend }) };
}

function commandOf(argv: ForecastArguments, result: TraceForecast): string {
  const parts = ["headrace forecast", result.trace];
  for (const model of argv.model ?? []) parts.push(`--model ${model}`);
  if (argv.horizon !== undefined) parts.push(`--horizon ${argv.horizon}`);
  if (argv.holidays !== undefined) parts.push(`--holidays ${argv.holidays}`);
  if (argv.events !== undefined) parts.push(`--events ${argv.events}`);
  if (argv.backend !== undefined) parts.push(`--backend ${argv.backend}`);
  return parts.join(" ");
}
