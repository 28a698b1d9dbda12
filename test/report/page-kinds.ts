import type { TwinRow } from "../../src/live/twin/twin.js";
import type { Losses } from "../../src/live/watch/loss-ledger.js";
import { diffPage } from "../../src/report/diff/diff-page.js";
import { livePage } from "../../src/report/live-page.js";
import { renderPage } from "../../src/report/page.js";
import { sweepPage } from "../../src/report/sweep/sweep-page.js";
import { trafficReportFiles } from "../../src/report/traffic-page.js";
import { twinPage } from "../../src/report/twin-page.js";
import { inspectTrace } from "../../src/traffic/inspect.js";
import { syntheticOutcome } from "./synthetic-outcome.js";

const estimate = (mean: number, halfWidth: number | null) => ({ mean, halfWidth, confidence: 0.95, n: 4 });

/** One small page of each kind that needs no simulation, by the name of its command. */
export async function pageKinds(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["sweep", await sweepPage(sweepDocument())],
    ["diff", await diffPage(diffDocument(), "0.1.0")],
    ["twin", await twinPage(twinDocument())],
    ["inspect", (await trafficReportFiles(inspectTrace(dailyTrace()), "day.csv")).get("index.html") as string],
    ["live", await liveKind()],
  ]);
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
  return { ...counts, best, settings, effects, scenario: { name: "evening-peak" }, version: "0.1.0" };
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
  const rows = [row("start latency p99", 0.04, 0.02), row("streams", -0.3, 0.05)];
  const about = { scenario: { name: "small", hash: "ab12" }, seed: 1, version: "0.1.0", policy: "hpa" };
  return { ...about, rows, cpuPressure: [null, null], logs: [], conditions: ["2 cores, nothing else running"] };
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
