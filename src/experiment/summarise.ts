import { mean } from "../base/statistics.js";
import { type MetricName, metricNames } from "../world/metric-table.js";
import { MetricPool } from "../world/pooled-metrics.js";
import type { MetricSample, RunResult, Timeline } from "../world/run-result.js";
import type { PolicySpec } from "../world/scenario/policy-spec.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { withUnit } from "../world/unit.js";
import { type Comparison, compareAll } from "./comparison.js";
import { moduleFindings } from "./policy-failures.js";
import type { Estimate, ResultDocument } from "./result.js";
import { sloOutcome } from "./slo-verdict.js";
import { trainerSummaries } from "./trainer-summary.js";

const CONFIDENCE = 0.95;

/**
 * The result document of finished runs; `runs[p][r]` as in ExperimentOutcome. The first policy is
 * the baseline.
 */
export function summarise(
  scenario: Scenario,
  version: string,
  runs: readonly (readonly RunResult[])[],
): ResultDocument {
  return {
    scenario: { name: scenario.name, hash: scenario.hash },
    seed: scenario.seed,
    version,
    replications: scenario.replications,
    ...(scenario.cost?.currency === undefined ? {} : { currency: scenario.cost.currency }),
    policies: scenario.policies.map((policy, p) => ({
      name: policy.name,
      kind: policy.kind,
      metrics: estimates(runs[p]),
      ...seriesOf(scenario, runs[p]),
      ...sloOf(scenario, runs[p]),
      decisionReasons: meanCounts(runs[p].map((run) => run.decisionReasons)),
      lostInWarmup: mean(runs[p].map((run) => lostBefore(run.timeline, scenario.warmupMs))),
      rejections: meanCounts(runs[p].map((run) => run.rejections)),
      ...trainersOf(runs[p][0]),
      ...moduleFindings(runs[p]),
    })),
    comparisons: comparisonsOf(scenario, runs),
  };
}

function sloOf({ slo }: Scenario, runs: readonly RunResult[]): Pick<ResultDocument["policies"][number], "slo"> {
  const outcome = sloOutcome(slo, runs);
  return outcome === undefined ? {} : { slo: outcome };
}

/** Service of each series, pooled over the replications. */
function seriesOf(
  { traffic }: Scenario,
  runs: readonly RunResult[],
): Pick<ResultDocument["policies"][number], "series"> {
  if (runs.some((run) => run.series === undefined)) return {};
  const series = traffic.series.map(({ region, format, segment }, s) => ({
    region: traffic.regions[region],
    format: traffic.formats[format],
    segment,
    metrics: estimates(runs.flatMap((run) => run.series?.[s] ?? [])),
  }));
  return { series };
}

function trainersOf({ trainerEvents }: RunResult): Pick<ResultDocument["policies"][number], "trainers"> {
  return trainerEvents.length === 0 ? {} : { trainers: trainerSummaries(trainerEvents) };
}

/** Mean count per replication of each reason, reasons in alphabetical order. */
function meanCounts(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [reason, count] of counts.flatMap((one) => Object.entries(one)))
    sums.set(reason, (sums.get(reason) ?? 0) + count);
  const byName = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(byName.map(([reason, sum]) => [reason, sum / counts.length]));
}

/**
 * Only means are averaged. Other metrics are computed from the pooled replications (see
 * metricTable).
 */
function estimates(runs: readonly MetricSample[]): Record<string, Estimate> {
  const pool = new MetricPool(runs);
  const all: Record<string, Estimate> = {};
  for (const metric of metricNames) {
    const found = pool.metric(metric);
    if (found === undefined) continue;
    const halfWidth = pool.halfWidth(metric, found, CONFIDENCE);
    const estimate = { mean: found.all, halfWidth, confidence: CONFIDENCE, n: runs.length };
    all[metric] = found.isLowerBound ? { ...estimate, atLeast: true } : estimate;
  }
  return all;
}

/** Requests abandoned or rejected before an instant, with the resolution of a bin. */
function lostBefore({ binMs, abandoned, rejected }: Timeline, endMs: number): number {
  let lost = 0;
  for (let bin = 0; (bin + 1) * binMs <= endMs && bin < abandoned.length; bin++) lost += abandoned[bin] + rejected[bin];
  return lost;
}

/** The first policy is the baseline. */
function comparisonsOf(scenario: Scenario, runs: readonly (readonly RunResult[])[]): Comparison[] {
  const [baseline, ...candidates] = scenario.policies.map((policy, p) => ({
    name: policy.name,
    runs: runs[p],
    hasFailed: runs[p].some((run) => run.policyFailures !== undefined),
    undirected: sameUnit(scenario, policy, scenario.policies[0]) ? [] : PER_UNIT,
  }));
  return compareAll(baseline, candidates);
}

/** Numbers of units: comparable only between units of one size. */
const PER_UNIT: readonly MetricName[] = ["streamletHours", "spawns"];

function sameUnit(scenario: Scenario, one: PolicySpec, other: PolicySpec): boolean {
  const slots = (policy: PolicySpec): number[] => withUnit(scenario, policy).fleet.classes.map((unit) => unit.slots);
  return slots(one).join() === slots(other).join();
}
