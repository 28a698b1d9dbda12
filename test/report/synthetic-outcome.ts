import type { ExperimentOutcome } from "../../src/experiment/result.js";
import { summarise } from "../../src/experiment/summarise.js";
import type { RunSums } from "../../src/world/metric-table.js";
import { metricsOfRun } from "../../src/world/pooled-metrics.js";
import type { MetricSample, RunResult, Timeline } from "../../src/world/run-result.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { type SyntheticOptions, syntheticScenario } from "./synthetic-scenario.js";

export interface Synthetic {
  readonly outcome: ExperimentOutcome;
  readonly scenario: Scenario;
}

const noTimes = { upperMs: new Float64Array(0), counts: new Float64Array(0), leastMs: Infinity, mostMs: -Infinity };

/**
 * A day with an evening peak; policy 0 follows demand late, the others provide ahead of it.
 * Generated: shaped like a run, without simulating.
 */
export function syntheticOutcome(options: SyntheticOptions = {}): Synthetic {
  const scenario = syntheticScenario(options);
  const runs = scenario.policies.map((policy, p) =>
    Array.from({ length: scenario.replications }, (_unused, replication) =>
      syntheticRun(scenario, policy.name, p, replication, options.troubled ?? true, options.priced ?? true),
    ),
  );
  return { scenario, outcome: { document: summarise(scenario, "0.1.0", runs), runs } };
}

function syntheticRun(
  scenario: Scenario,
  policy: string,
  p: number,
  replication: number,
  troubled: boolean,
  priced: boolean,
): RunResult {
  const binMs = scenario.durationMs / 1440;
  const noise = generator(replication * 31 + 7);
  const own = generator(replication * 31 + p * 977 + 11);
  const bins = 1440;
  const column = (value: (bin: number) => number): Float64Array =>
    Float64Array.from({ length: bins }, (_unused, bin) => value(bin));
  const load = (bin: number): number => 900 + 700 * Math.sin(((bin / bins) * 24 - 14) * (Math.PI / 12));
  const rate = column((bin) => Math.max(0, Math.round((load(bin) / 10) * (1 + 0.08 * (noise() - 0.5)))));
  const shares = [0.375, 0.25, 0.25, 0.125];
  const open = column((bin) => load(bin) * (1 + 0.03 * Math.sin(bin / 17 + replication)));
  // The baseline sees demand eight bins late and keeps more on top; the others look ahead.
  const lag = p === 0 ? 8 : -4;
  const slots = column((bin) => Math.ceil((load(bin + lag) * (p === 0 ? 1.32 : 1.12 + 0.06 * p)) / 8) * 8 + 16 * own());
  const trouble = (chance: number, size: number): Float64Array =>
    column((bin) => (troubled && own() < chance * (load(bin) / 1600) ? Math.ceil(size * own()) : 0));
  const timeline: Timeline = {
    binMs,
    arrivals: rate,
    arrivalsBySeries: shares.map((share) => rate.map((value) => value * share)),
    open,
    waiting: trouble(p === 0 ? 0.08 : 0.02, 12),
    ready: slots.map((value) => value / 8),
    spawning: trouble(0.3, 3),
    draining: trouble(0.2, 2),
    readySlots: slots,
    spawns: column((bin) => Math.max(0, Math.round((load(bin + 1) - load(bin)) / 8 + 2 * own() - 0.5))),
    crashes: trouble(0.05, 2),
    interrupted: trouble(0.05, 8),
    rejected: p === 0 ? trouble(0.01, 5) : column(() => 0),
    abandoned: trouble(p === 0 ? 0.02 : 0.004, 4),
    violationMinutes: troubled ? trouble(p === 0 ? 0.12 : 0.03, 1) : column(() => 0),
  };
  const end = ending(timeline, p, troubled);
  const sums = sumsOf(timeline, p, own, priced);
  return {
    ...end,
    policy,
    replication,
    timeline,
    sums,
    metrics: metricsOfRun({ sums, ...end }),
    series: shares.map((share, s) => seriesSample(share, s, end.startLatency, sums)),
    slo: { met: p === 0 && replication % 3 > 0, misses: [] },
  };
}

/** A share of the run; the last series violates most and waits four times as long. */
function seriesSample(share: number, s: number, whole: RunResult["startLatency"], sums: RunSums): MetricSample {
  const count = (value: number | undefined): number => Math.round((value ?? 0) * share);
  const { arrivals, rejected, abandoned, interrupted, sloViolationMinutes } = sums;
  return {
    sums: {
      arrivals: count(arrivals),
      rejected: count(rejected),
      abandoned: count(abandoned),
      interrupted: count(interrupted),
      served: count(arrivals),
      ...(sloViolationMinutes === undefined
        ? {}
        : { sloViolationMinutes: Math.round(sloViolationMinutes * (s + 1) * 0.4) }),
    },
    startLatency: { ...whole, upperMs: whole.upperMs.map((upper) => (s === 3 ? 4 * upper : upper)) },
    stillWaiting: noTimes,
  };
}

function ending(
  timeline: Timeline,
  p: number,
  troubled: boolean,
): Omit<RunResult, "policy" | "replication" | "timeline" | "sums" | "metrics" | "slo"> {
  const total = (column: Float64Array): number => column.reduce((sum, value) => sum + value, 0);
  const arrived = total(timeline.arrivals);
  const [interrupted, rejected, abandoned] = [timeline.interrupted, timeline.rejected, timeline.abandoned].map(total);
  const upperMs = Float64Array.from({ length: 400 }, (_unused, i) => (i === 0 ? 0 : Math.exp(-2 + i / 36)));
  const counts = upperMs.map((upper, i) => {
    if (i === 0) return arrived * 0.9;
    return troubled ? Math.floor((arrived * 2) / (1 + (upper / (p === 0 ? 90 : 40)) ** 2) / 400) : 0;
  });
  return {
    counts: {
      arrived,
      interrupted,
      rejected,
      abandoned,
      waiting: 0,
      open: 40,
      completed: arrived - interrupted - rejected - abandoned - 40,
    },
    startLatency: { upperMs, counts, leastMs: 0, mostMs: upperMs[upperMs.length - 1] },
    stillWaiting: noTimes,
    rejections: rejected > 0 ? { "waiting-room-full": rejected } : {},
    stops: { drained: 410 + 20 * p, crashed: total(timeline.crashes) },
    decisionReasons:
      p === 0
        ? { "within-tolerance": 4100, "scale-up": 900, stabilised: 700 }
        : { "forecast-quantile": 5200, "safety-net (max-reached)": 41 },
    decisions: [],
    directionChanges: [300 + 50 * p],
    decisionDigest: { count: 5000, whole: "0".repeat(16), hours: [] },
    trainerEvents: p === 0 ? [] : trainerEvents,
    events: 4_000_000,
  };
}

const trainerEvents: RunResult["trainerEvents"] = [
  {
    atMs: 0,
    series: "eu",
    kind: "started",
    champion: "ensemble",
    reason: "backtest",
    costs: { ensemble: 12.5, "last-value": 19 },
  },
  { atMs: 86_430_000, series: "eu", kind: "trained", champion: "ensemble", reason: "schedule-or-drift" },
  {
    atMs: 2 * 86_400_000,
    series: "eu",
    kind: "demoted",
    champion: "last-value",
    reason: "a-day-dearer-than-last-value",
    details: { cost: 31, benchmarkCost: 18 },
    costs: { ensemble: 25, "last-value": 18.5 },
  },
];

function sumsOf(timeline: Timeline, p: number, own: () => number, priced: boolean): RunSums {
  const sum = (column: Float64Array): number => column.reduce((total, value) => total + value, 0);
  const arrivals = sum(timeline.arrivals);
  const streamletHours = (sum(timeline.ready) / 1440) * 24;
  const integral = (column: Float64Array): number => sum(column) * timeline.binMs;
  return {
    arrivals,
    completed: arrivals * 0.999,
    rejected: sum(timeline.rejected),
    abandoned: sum(timeline.abandoned),
    interrupted: sum(timeline.interrupted),
    hurt: sum(timeline.interrupted),
    unserved: 0,
    waited: arrivals * (p === 0 ? 0.05 : 0.012) * (1 + 0.2 * own()),
    served: arrivals,
    startLatencyMs: arrivals * (p === 0 ? 9 : 3) * (1 + 0.2 * own()),
    responseMs: arrivals * 600_000,
    ended: arrivals,
    degraded: 0,
    windowMs: 1440 * timeline.binMs,
    openMs: integral(timeline.open),
    openReadyMs: integral(timeline.open),
    openDrainingMs: 0,
    waitingMs: integral(timeline.waiting),
    readyMs: integral(timeline.ready),
    readySlotMs: integral(timeline.readySlots),
    spawningMs: integral(timeline.spawning),
    drainingMs: integral(timeline.draining),
    spawns: sum(timeline.spawns),
    crashes: sum(timeline.crashes),
    reconnections: 0,
    streamletHours,
    oracleStreamletHours: streamletHours * 0.8,
    ...(priced
      ? { cost: streamletHours * 0.004, sloViolationMinutes: sum(timeline.violationMinutes ?? new Float64Array()) }
      : {}),
  };
}

/** Park and Miller (1988): enough to make curves look alive. */
function generator(seed: number): () => number {
  let state = (seed * 2654435761) % 2147483647 || 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
