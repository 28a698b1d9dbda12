import { mainArms } from "../../src/experiment/study/arms.js";
import type { StudyDocument } from "../../src/experiment/study/study-document.js";
import { BACKTEST_LEVELS } from "../../src/forecasting/backtest.js";
import type { TraceForecast } from "../../src/forecasting/trace-forecast.js";
import type { TwinRow } from "../../src/live/twin/twin.js";
import type { Losses } from "../../src/live/watch/loss-ledger.js";
import { checkPage } from "../../src/report/check/check-page.js";
import { diffPage } from "../../src/report/diff/diff-page.js";
import { forecastPage } from "../../src/report/forecast-page.js";
import { livePage } from "../../src/report/live-page.js";
import { renderPage } from "../../src/report/page.js";
import { planPage } from "../../src/report/plan-page.js";
import { studyPage } from "../../src/report/study-page.js";
import { sweepPage } from "../../src/report/sweep/sweep-page.js";
import { trafficReportFiles } from "../../src/report/traffic-page.js";
import { twinPage } from "../../src/report/twin-page.js";
import { inspectTrace } from "../../src/traffic/inspect.js";
import { checkOutcome } from "./check/check-outcome.js";
import { madePlan } from "./made-plan.js";
import { syntheticOutcome } from "./synthetic-outcome.js";

const HOUR_MS = 3_600_000;

const estimate = (mean: number, halfWidth: number | null) => ({ mean, halfWidth, confidence: 0.95, n: 4 });

/** One small page of each kind that needs no simulation, by the name of its command. */
export async function pageKinds(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["sweep", await sweepPage(sweepDocument())],
    ["diff", await diffPage(diffDocument(), "0.1.0")],
    ["twin", await twinPage(twinDocument())],
    ["inspect", (await trafficReportFiles(inspectTrace(dailyTrace()), "day.csv")).get("index.html") as string],
    ["live", await liveKind()],
    ["check", await renderPage(checkPage(checkOutcome(), "headrace check"))],
    ["forecast", await renderPage(forecastPage(forecastResult(), "headrace forecast day.csv"))],
    ["study", await renderPage(studyPage(studyDocument(), "headrace study"))],
    ["plan", await planKind()],
  ]);
}

async function planKind(): Promise<string> {
  const { plan, scenario } = await madePlan();
  return renderPage(planPage(plan, scenario, "headrace plan x.yaml"));
}

/** Two forecasters at two leads over a day in hours. */
export function forecastResult(): TraceForecast {
  const { startMs, values } = dailyTrace();
  const series = { startMs, binMs: HOUR_MS, values: values[0].slice(0, 8 * 24) };
  const leads = [1, 24];
  const models = ["ensemble", "seasonal-naive"].map((model, m) => ({
    model,
    scores: leads.map((lead) => {
      const error = 1 + m;
      return { lead, forecasts: 48, mase: error / 3, pinball: error, coverage: BACKTEST_LEVELS, cost: 2 * error };
    }),
    costs: leads.map(() => new Float64Array(48).fill(1 + m)),
    byHour: leads.map(() => new Float64Array(24).fill(1 + m)),
    byWeekday: leads.map(() => new Float64Array(7).fill(1 + m)),
    fitMs: 3,
    stepMs: 0.1,
  }));
  const levels = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];
  const ahead = (level: number): Float64Array => values[0].slice(0, 24).map((value) => value * (0.5 + level));
  return {
    trace: "day.csv",
    series,
    plan: { series, from: 6 * 24, leads, refitEveryBins: 24 },
    provisioned: 0,
    models,
    champion: "ensemble",
    against: [{ model: "ensemble", against: "seasonal-naive", ratio: 0.5, upper: 0.6 }],
    outlook: { mean: ahead(0.5), levels, quantiles: levels.map(ahead) },
    backend: undefined,
  };
}

/** One world with two policies along their knobs, and a map of one cell. */
function studyDocument(): StudyDocument {
  const matched = { value: -0.03, halfWidth: 0.01, n: 4 };
  const frontiers = mainArms.slice(-2).map((arm, i) => ({
    name: arm.name,
    kind: arm.name,
    knob: "quantile",
    arm,
    settings: [0.9, 0.99].map((value, v) => ({
      value,
      cost: [100 + 10 * v - i, 101 + 10 * v - i],
      violation: [0.02 / (1 + 30 * v), 0.021 / (1 + 30 * v)],
    })),
  }));
  const verdict = { group: "square-root" as const, bestLoose: "square-root", violations: matched };
  const verdicts = [{ ...verdict, bestStrict: "square-root", cost: matched }];
  const world = { key: "nasa", title: "NASA, two days", spawn: "30s", frontiers, verdicts };
  const map = [{ spawn: "30s", steepness: 0.26, reactive: "square-root", cost: matched }];
  return { version: "0.1.0", replications: 2, seed: 1, worlds: [world], guard: [world], map };
}

function sweepDocument(): Parameters<typeof sweepPage>[0] {
  const slo = { met: 4, of: 4, low: 0.4, high: 1, days: 0.95, proved: false };
  const policies = ["hpa", "predictive"];
  const settings = policies.flatMap((policy, p) =>
    [10, 12].flatMap((max) =>
      [0.7, 0.8].map((target) => {
        const cost = estimate(max - p - target, 0.2);
        return {
          values: { "fleet.max": max, "policies.hpa.targetUtilisation": target },
          policy,
          cost,
          slo,
          meets: max === 12,
        };
      }),
    ),
  );
  const effects = policies.flatMap((policy, p) =>
    ["fleet.max", "policies.hpa.targetUtilisation"].flatMap((path) =>
      [1, 2].map((value) => ({ path, value, policy, points: 2, cost: estimate(10 + value - p, 0.3), met: value / 2 })),
    ),
  );
  const runnerUp = {
    values: { "fleet.max": 12, "policies.hpa.targetUtilisation": 0.7 },
    policy: "hpa",
    delta: 1,
    halfWidth: 0.2,
  };
  const best = { ...settings[7], costMetric: "cost" as const, runnerUp };
  const counts = { runs: 32, done: 32, failed: 0, hash: "ab12" };
  return { ...counts, best, settings, effects, currency: "EUR", scenario: { name: "evening-peak" }, version: "0.1.0" };
}

function diffDocument(): Parameters<typeof diffPage>[0] {
  const row = { policy: "hpa", metric: "cost", a: 10, b: 12, delta: 2, halfWidth: 0.5, word: "differs" as const };
  const hours = Array.from({ length: 24 }, (_unused, hour) => hour);
  const path = { what: "streamlets" as const, a: hours, b: hours.map((hour) => hour + 2) };
  const sides = { kind: "results" as const, a: "monday", b: "tuesday", noise: "paired replications" as const };
  return { ...sides, rows: [row], firstDivergence: null, paths: [path], reasons: [], notes: ["seeds are the same"] };
}

function twinDocument(): Parameters<typeof twinPage>[0] {
  const row = (metric: string, error: number, repeatError: number): TwinRow => {
    const within = Math.abs(error) <= Math.max(0.1, 2 * Math.abs(repeatError));
    return { metric, unit: "ms", live: 100, simulated: 100 * (1 + error), again: 100, error, repeatError, within };
  };
  const burst = { ...row("burst of 4 spawns", 0, 0), simulated: Number.NaN, error: null, within: null };
  const rows = [row("start latency p99", 0.04, 0.02), row("streams", -0.3, 0.05), burst];
  const about = { scenario: { name: "small", hash: "ab12" }, seed: 1, version: "0.1.0", policy: "hpa" };
  return { ...about, rows, cpuPressure: [null, 0.4], logs: [], conditions: ["2 cores, nothing else running"] };
}

function dailyTrace(): Parameters<typeof inspectTrace>[0] {
  const bins = 21 * 144;
  const counts = Float64Array.from({ length: bins }, (_unused, i) => 600 + Math.round(300 * Math.sin(i / 22.9)));
  const startMs = Date.UTC(2026, 0, 5);
  return { file: "day.csv", startMs, binMs: 600_000, series: [{}], values: [counts] } as unknown as Parameters<
    typeof inspectTrace
  >[0];
}

function liveKind(): Promise<string> {
  const { outcome, scenario } = syntheticOutcome({ policies: ["predictive"], replications: 1 });
  const none = new Map<string, number>();
  const losses: Losses = { streams: new Map([["crash", 3]]), streamlets: none, requests: none, refusals: none };
  const facts = { startedAt: Date.UTC(2026, 10, 27), durationMs: scenario.durationMs, losses, served: true, speed: 1 };
  const page = livePage(outcome.document, outcome.runs[0][0], scenario, { ...facts, command: "headrace live x.yaml" });
  return renderPage(page);
}
