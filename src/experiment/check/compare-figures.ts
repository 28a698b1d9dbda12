import { InputError } from "../../base/errors.js";
import { metricStep } from "../../world/metric-step.js";
import type { MetricName } from "../../world/metric-table.js";
import { PairedParts } from "../../world/paired-parts.js";
import { metricCatalogue } from "../metric-catalogue.js";
import type { Baseline } from "./baseline-file.js";
import { type Divergence, divergingHour, firstDivergence } from "./divergence.js";
import { isMean, type PolicyFigures, type ScenarioFigures, type StageFigures } from "./figures.js";
import type { GateSubject } from "./gate-run.js";
import { MOST_KEPT } from "./kept-decision.js";
import type { Tolerance } from "./regression-file.js";
import type { RowEvidence } from "./row-verdict.js";

/** One row before it is judged. */
export interface NamedEvidence {
  readonly scenario: string;
  readonly policy: string;
  readonly metric: string;
  readonly against: "baseline" | "release";
  readonly before: number;
  readonly now: number;
  readonly evidence: RowEvidence;
}

/** Where the decisions of one policy first differ from its baseline. */
export interface PolicyDivergence {
  readonly scenario: string;
  readonly policy: string;
  readonly pools: readonly string[];
  /** Replications that decided differently, and how many were compared. */
  readonly replications: readonly number[];
  readonly compared: number;
  /**
   * The first difference in replication 0. Undefined if only other replications diverge, or if the
   * kept decisions end before it.
   */
  readonly first: Divergence | undefined;
  /** The hour of replication 0 in which it happened, from 0. */
  readonly hour: number | undefined;
  readonly before: PolicyFigures;
  readonly now: PolicyFigures;
}

/**
 * The baseline's figures of a subject. Throws an InputError if they are of another world, seed or
 * set of replications, or lack the replications that ratios and percentiles (`arePooled`) need.
 */
export function scenarioBefore(baseline: Baseline, subject: GateSubject, arePooled: boolean): ScenarioFigures {
  const { gated, scenario, world, first } = subject;
  const refuse = (got: string, expected: string): InputError =>
    new InputError({
      code: "HR1702",
      where: baseline.file,
      got,
      expected,
      remedy: "Accept the new world: headrace check --update --reason TEXT",
    });
  const before = baseline.scenarios.find((one) => one.file === gated.written);
  if (before === undefined) throw refuse(`no figures of ${gated.written}`, "figures of each gated scenario");
  if (before.world !== world)
    throw refuse(
      `figures of another world than ${gated.written} describes`,
      "the same traffic, fleet, faults, SLO and prices",
    );
  if (before.seed !== scenario.seed)
    throw refuse(
      `figures of seed ${before.seed} for ${gated.written}`,
      `seed ${scenario.seed}, since replications are paired`,
    );
  for (const policy of scenario.policies) {
    const known = before.policies.find((one) => one.name === policy.name);
    if (known === undefined)
      throw refuse(`no figures of ${policy.name} in ${gated.written}`, "figures of each gated policy");
    if (arePooled && known.samples === undefined)
      throw refuse(
        `figures of ${policy.name} in ${gated.written} without their replications`,
        "those beside them, since a gated metric is a ratio or a percentile",
      );
    if (known.stages[0].replications !== first) {
      throw refuse(
        `${known.stages[0].replications} replications of ${policy.name} in ${gated.written}`,
        `${first}, as the gate's file or the scenario says`,
      );
    }
  }
  return before;
}

/**
 * The rows of one scenario: each gated metric of each policy, over the replications of both sides.
 */
export function rowsOf(
  before: ScenarioFigures,
  now: ScenarioFigures,
  metrics: ReadonlyMap<string, Tolerance>,
  against: "baseline" | "release",
): NamedEvidence[] {
  return now.policies.flatMap((policy) => {
    const old = before.policies.find((one) => one.name === policy.name);
    if (old === undefined) return [];
    const stage = commonStage(old, policy);
    if (stage === undefined) return [];
    const [oldStage, newStage] = stage;
    const sameDecisions = divergingReplications(old, policy, newStage.replications).length === 0;
    const partsOf = partsBetween(old, policy, newStage.replications);
    return [...metrics].flatMap(([metric, tolerance]): NamedEvidence[] => {
      const was = oldStage.metrics.get(metric);
      const is = newStage.metrics.get(metric);
      if (was === undefined || is === undefined) return [];
      const lowerIsBetter = metricCatalogue[metric].good === "lower";
      const noise = old.noise.get(metric);
      const parts = partsOf(metric as MetricName);
      const step = stepOf(metric as MetricName, [old, policy], newStage.replications);
      const evidence = { before: was, now: is, tolerance, lowerIsBetter, sameDecisions, parts, step, noise };
      const names = { scenario: now.file, policy: policy.name, metric, against };
      return [{ ...names, before: was.mean, now: is.mean, evidence }];
    });
  });
}

/** The larger step of two policies' metric over their first n replications. */
export function stepOf(metric: MetricName, sides: readonly PolicyFigures[], n: number): number {
  const steps = sides.map(({ samples, stages }) => {
    const value = stages.find(({ replications }) => replications === n)?.metrics.get(metric)?.mean ?? 0;
    return metricStep(metric, samples?.slice(0, n) ?? [], value);
  });
  return Math.max(...steps);
}

/** The parts of the first n replications in the difference of a ratio or a percentile. */
export function partsBetween(before: PolicyFigures, now: PolicyFigures, n: number) {
  const [old, own] = [before.samples, now.samples].map((samples) => samples?.slice(0, n));
  const paired = old === undefined || own === undefined ? undefined : new PairedParts(old, own);
  return (metric: MetricName): Float64Array | undefined => (isMean(metric) ? undefined : paired?.differences(metric));
}

/** The largest stage that both have. */
function commonStage(before: PolicyFigures, now: PolicyFigures): readonly [StageFigures, StageFigures] | undefined {
  for (const stage of now.stages.toReversed()) {
    const same = before.stages.find((one) => one.replications === stage.replications);
    if (same !== undefined) return [same, stage];
  }
  return undefined;
}

function divergingReplications(before: PolicyFigures, now: PolicyFigures, compared: number): number[] {
  return Array.from({ length: compared }, (_, r) => r).filter((r) => before.decisions[r] !== now.decisions[r]);
}

/** The policies of a scenario that decided otherwise in some replication. */
export function divergences(before: ScenarioFigures, now: ScenarioFigures): PolicyDivergence[] {
  return now.policies.flatMap((policy): PolicyDivergence[] => {
    const old = before.policies.find((one) => one.name === policy.name);
    if (old === undefined) return [];
    const compared = Math.min(old.decisions.length, policy.decisions.length);
    const replications = divergingReplications(old, policy, compared);
    if (replications.length === 0) return [];
    return [
      {
        scenario: now.file,
        policy: policy.name,
        pools: now.pools,
        replications,
        compared,
        first: firstDivergence(old.kept, policy.kept, MOST_KEPT),
        hour: divergingHour(old, policy),
        before: old,
        now: policy,
      },
    ];
  });
}
