import { constantLaw, exponentialLaw, type Law, lognormalByMean } from "../../base/distribution.js";
import { isBetter } from "../../base/paired-verdict.js";
import { formatDuration } from "../../base/units.js";
import { builtInPolicies } from "../../control/policies/registry.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import type { MetricRunOptions } from "../metric-runs.js";
import { bestAt, type PolicyFrontier, sweepFrontiers } from "./frontier.js";
import { costAtViolation, estimateOf, judgeRelative, type MatchedEstimate, relativeDifference } from "./matched.js";

const MEANS_MS = [50, 1_000, 10_000, 60_000, 180_000];
/** Of the lognormal: a tail such as image pulls have. */
const CV = 1;
const VIOLATION = 0.001;

/**
 * One distribution of the spawn latency: the cheapest reactive policy and the first predictive
 * one, at 0.1 % violating minutes.
 */
interface SpawnSweepRow {
  readonly law: string;
  readonly latencyMs: number;
  readonly reactive: string | null;
  readonly cost: MatchedEstimate | null;
  readonly predictive: string;
  readonly saving: MatchedEstimate | null;
  readonly pays: boolean | null;
}

/** Part of the result document. */
export interface SpawnSweepDocument {
  readonly violationRatio: number;
  readonly rows: readonly SpawnSweepRow[];
}

/** Policies that use Headrace's forecast; all others count as reactive here. */
function isPredictiveKind(kind: string): boolean {
  return builtInPolicies.get(kind)?.forecasts === true;
}

/** Constant, exponential and lognormal latencies of each mean. */
function sweptLaws(): { readonly name: string; readonly latencyMs: number; readonly law: Law }[] {
  return MEANS_MS.flatMap((mean) => [
    { name: `constant ${formatDuration(mean)}`, latencyMs: mean, law: constantLaw(mean) },
    { name: `exponential ${formatDuration(mean)}`, latencyMs: mean, law: exponentialLaw(mean) },
    { name: `lognormal ${formatDuration(mean)}`, latencyMs: mean, law: lognormalByMean(mean, CV) },
  ]);
}

/** The scenario with another law of the spawn latency, for all classes. */
function withSpawn(scenario: Scenario, law: Law): Scenario {
  const classes = scenario.fleet.classes.map((one) => ({ ...one, spawn: { ...one.spawn, law } }));
  return { ...scenario, fleet: { ...scenario.fleet, classes } };
}

/**
 * Computes all policies' frontiers for each distribution, to show from which spawn latency on
 * prediction saves money.
 */
export async function sweepSpawns(scenario: Scenario, options: MetricRunOptions): Promise<SpawnSweepDocument> {
  const laws = sweptLaws();
  const rows: SpawnSweepRow[] = [];
  for (let i = 0; i < laws.length; i++) {
    const onProgress = (share: number): void => options.onProgress?.((i + share) / laws.length);
    const frontiers = await sweepFrontiers(withSpawn(scenario, laws[i].law), { ...options, onProgress }, [VIOLATION]);
    rows.push(rowOf(laws[i].name, laws[i].latencyMs, frontiers));
  }
  return { violationRatio: VIOLATION, rows };
}

function rowOf(law: string, latencyMs: number, frontiers: readonly PolicyFrontier[]): SpawnSweepRow {
  const predictive = frontiers.find((one) => isPredictiveKind(one.kind));
  const reactive = bestAt(
    frontiers.filter((one) => !isPredictiveKind(one.kind)),
    VIOLATION,
  );
  const cost = reactive === undefined ? undefined : costAtViolation(reactive.settings, VIOLATION);
  const own = predictive === undefined ? undefined : costAtViolation(predictive.settings, VIOLATION);
  const difference = own === undefined || cost === undefined ? undefined : relativeDifference(own, cost);
  return {
    law,
    latencyMs,
    reactive: reactive?.name ?? null,
    cost: cost === undefined ? null : estimateOf(cost),
    predictive: predictive?.name ?? "none",
    saving: difference === undefined ? null : { ...difference, value: -difference.value },
    pays: difference === undefined ? null : isBetter(judgeRelative(difference).verdict),
  };
}
