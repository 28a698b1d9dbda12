import { InputError } from "../base/errors.js";
import { formatDuration } from "../base/units.js";
import { seasonUses } from "../control/forecast/season.js";
import type { Forecast, Series } from "../ports/forecaster.js";
import type { TraceTable } from "../world/scenario/resources.js";
import type { BacktestPlan, ModelBacktest } from "./backtest.js";
import { type CostComparison, champion } from "./verdict.js";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Below this there is nothing to judge a forecast by. */
const LEAST_BINS = 12;
const BACKTEST_DAYS = 7;

/** The whole answer of `headrace forecast TRACE`. */
export interface TraceForecast {
  readonly trace: string;
  readonly series: Series;
  readonly plan: BacktestPlan;
  /** Index into plan.leads of the lead that is provisioned for. */
  readonly provisioned: number;
  readonly models: readonly ModelBacktest[];
  readonly champion: string;
  readonly against: readonly CostComparison[];
  /** The champion's forecast of what follows the trace. */
  readonly outlook: Forecast;
  /** The backend of the neural network, if there was one. */
  readonly backend: string | undefined;
}

/** The trace's requests per bin over all its series; unknown where any of them is. */
export function totalOf(table: TraceTable): Series {
  const values = new Float64Array(table.values[0].length);
  for (const column of table.values) for (let i = 0; i < values.length; i++) values[i] += column[i];
  if (values.length < LEAST_BINS) {
    throw new InputError({
      code: "HR1407",
      where: table.file,
      got: `a trace of ${values.length} bins`,
      expected: `at least ${LEAST_BINS}, better three weeks`,
    });
  }
  return { startMs: table.startMs, binMs: table.binMs, values };
}

/**
 * The last week is judged (at most a third of the trace), at the leads of one bin, the horizon, an
 * hour, six, and a day.
 */
export function planOf(
  file: string,
  series: Series,
  horizonMs: number | undefined,
): BacktestPlan & { readonly provisioned: number } {
  const { binMs, values } = series;
  const n = values.length;
  const dayBins = Math.max(1, Math.round(DAY_MS / binMs));
  const judged = Math.max(1, Math.min(BACKTEST_DAYS * dayBins, Math.floor(n / 3)));
  const lead = horizonMs === undefined ? 1 : Math.max(1, Math.ceil(horizonMs / binMs));
  if (lead > judged) {
    throw new InputError({
      code: "HR1008",
      where: "--horizon",
      got: `${formatDuration(horizonMs as number)}, ${lead} bins ahead`,
      expected: `at most ${judged} bins (${formatDuration(judged * binMs)}): a third of ${file} is judged`,
    });
  }
  const usual = [1, HOUR_MS / binMs, (6 * HOUR_MS) / binMs, dayBins].map(Math.round);
  const leads = [...new Set([...usual, lead])].filter((one) => one >= 1 && one <= judged).sort((a, b) => a - b);
  return { series, from: n - judged, leads, refitEveryBins: dayBins, provisioned: leads.indexOf(lead) };
}

/** Puts the parts together; the champion is judged in blocks of a quarter of a day. */
export function concludeTraceForecast(
  parts: Omit<TraceForecast, "champion" | "against" | "outlook">,
): Omit<TraceForecast, "outlook"> {
  const { models, provisioned, plan } = parts;
  const origins = models[0].costs[0].length;
  const judged = plan.series.values.length - plan.from;
  const block = Math.max(1, Math.round((plan.refitEveryBins / 4 / judged) * origins));
  const { model, against } = champion(models, provisioned, block);
  return { ...parts, champion: model, against };
}

/** The result as a JSON document: levels, leads in bins, scores; no series. */
export function forecastDocument(result: TraceForecast): unknown {
  const { series, plan } = result;
  return {
    trace: result.trace,
    bins: series.values.length,
    binMs: series.binMs,
    seasons: seasonUses(series.binMs),
    judgedBins: series.values.length - plan.from,
    provisionedLead: plan.leads[result.provisioned],
    ...(result.backend === undefined ? {} : { backend: result.backend }),
    champion: result.champion,
    against: result.against,
    models: result.models.map(({ model, scores, fitMs, stepMs }) => ({ model, fitMs, stepMs, leads: scores })),
    outlook: {
      startMs: series.startMs + series.values.length * series.binMs,
      levels: result.outlook.levels,
      quantiles: result.outlook.quantiles.map((row) => Array.from(row)),
    },
  };
}
