import { jackknifedDifference, jackknifeHalfWidth } from "../base/jackknife.js";
import { better } from "../base/statistics.js";
import { metricNames } from "../world/metric-table.js";
import { MetricPool } from "../world/pooled-metrics.js";
import type { RunResult } from "../world/run-result.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { metricCatalogue } from "./metric-catalogue.js";
import type { Comparison, Estimate, ResultDocument } from "./result.js";
import { trainerSummaries } from "./trainer-summary.js";

const CONFIDENCE = 0.95;

/** The result document of finished runs; `runs[p][r]` as in ExperimentOutcome. The first policy is the baseline. */
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
    policies: scenario.policies.map((policy, p) => ({
      name: policy.name,
      kind: policy.kind,
      metrics: estimates(runs[p]),
      decisionReasons: meanCounts(runs[p].map((run) => run.decisionReasons)),
      ...trainersOf(runs[p][0]),
    })),
    comparisons: scenario.policies
      .slice(1)
      .flatMap((policy, p) => compare(scenario.policies[0].name, policy.name, runs[0], runs[p + 1])),
  };
}

function trainersOf({ trainerEvents }: RunResult): Pick<ResultDocument["policies"][number], "trainers"> {
  return trainerEvents.length === 0 ? {} : { trainers: trainerSummaries(trainerEvents) };
}

/** Mean count per replication of each reason, reasons in alphabetical order. */
function meanCounts(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const means: Record<string, number> = {};
  for (const reason of [...new Set(counts.flatMap((one) => Object.keys(one)))].sort()) {
    means[reason] = counts.reduce((sum, one) => sum + (one[reason] ?? 0), 0) / counts.length;
  }
  return means;
}

/** Only means are averaged; what is no mean is computed from what the replications pool (see metricTable). */
function estimates(runs: readonly RunResult[]): Record<string, Estimate> {
  const pool = new MetricPool(runs);
  const all: Record<string, Estimate> = {};
  for (const metric of metricNames) {
    const found = pool.metric(metric);
    if (found === undefined) continue;
    const halfWidth = jackknifeHalfWidth(found, CONFIDENCE);
    all[metric] = { mean: found.all, halfWidth, confidence: CONFIDENCE, n: runs.length };
  }
  return all;
}

/** Replication r of both policies met the same arrivals: it is left out of both at once, and the common noise drops out. */
function compare(
  baseline: string,
  candidate: string,
  base: readonly RunResult[],
  other: readonly RunResult[],
): Comparison[] {
  const [basePool, otherPool] = [new MetricPool(base), new MetricPool(other)];
  return metricNames.flatMap((metric) => {
    const from = basePool.metric(metric);
    const to = otherPool.metric(metric);
    if (from === undefined || to === undefined) return [];
    const difference = jackknifedDifference(to, from);
    const halfWidth = jackknifeHalfWidth(difference, CONFIDENCE);
    const { good } = metricCatalogue[metric];
    const verdict = good === "neither" ? null : better(difference.all, halfWidth, good === "lower");
    return [{ baseline, candidate, metric, delta: difference.all, halfWidth, better: verdict }];
  });
}
