import { jackknifedDifference } from "../base/jackknife.js";
import { isBetter, judge, type Verdict } from "../base/paired-verdict.js";
import { stepDownPs } from "../base/sign-flip.js";
import { metricStep } from "../world/metric-step.js";
import { type MetricName, metricNames } from "../world/metric-table.js";
import { PairedParts } from "../world/paired-parts.js";
import { differenceHalfWidth, MetricPool, type PolicyMetric } from "../world/pooled-metrics.js";
import type { RunResult } from "../world/run-result.js";
import { metricCatalogue } from "./metric-catalogue.js";

const CONFIDENCE = 0.95;
/** The probability that any marked verdict of the table is false. */
const FAMILYWISE_ERROR = 0.05;

/** With fewer replications no pattern of signs is rarer than 5 %: 2/2⁵ = 6.25 %. */
export const LEAST_FAMILYWISE = 6;

/** A paired difference, candidate − baseline. */
export interface Comparison {
  readonly baseline: string;
  readonly candidate: string;
  readonly metric: string;
  readonly delta: number;
  readonly halfWidth: number | null;
  /** Absent for a metric that is good in neither direction. */
  readonly verdict?: Verdict;
  /** true for better, false for worse, null for all else. */
  readonly better: boolean | null;
  /**
   * Whether the verdict survives a test over all verdicts of the table. Absent without better or
   * worse.
   */
  readonly familywise?: boolean;
}

/** One policy's finished replications. */
export interface ComparedPolicy {
  readonly name: string;
  readonly runs: readonly RunResult[];
  /**
   * Metrics that are good in neither direction for this policy and the baseline (units of
   * capacity of different size).
   */
  readonly undirected?: readonly MetricName[];
  /** Set if the policy itself failed: its figures are those of a fleet without decisions. */
  readonly hasFailed?: boolean;
}

interface Row extends Comparison {
  /** The replications' contributions to the difference; absent if nothing is tested. */
  readonly parts?: Float64Array;
}

/** A policy's replications, pooled. */
interface Side extends PolicyMetric {
  readonly policy: ComparedPolicy;
}

/**
 * Compares every candidate with the baseline, metric by metric. Replication r of both policies
 * had the same arrivals: it is left out of both at once, so that the common noise cancels. Each
 * verdict uses its own interval; `familywise` is the step-down max-T test over all of them at 5
 * %.
 */
export function compareAll(baseline: ComparedPolicy, candidates: readonly ComparedPolicy[]): Comparison[] {
  const rows = candidates.flatMap((candidate) => compare(baseline, candidate));
  const tested = rows.flatMap((row) => (row.parts === undefined ? [] : [{ row, parts: row.parts }]));
  const ps = stepDownPs(tested.map(({ parts }) => parts));
  const survives = new Set(tested.filter((_, k) => ps[k] <= FAMILYWISE_ERROR).map(({ row }) => row));
  return rows.map((row) => {
    const { parts: _parts, ...comparison } = row;
    return row.better === null ? comparison : { ...comparison, familywise: survives.has(row) };
  });
}

function compare(baseline: ComparedPolicy, candidate: ComparedPolicy): Row[] {
  const [basePool, pool] = [new MetricPool(baseline.runs), new MetricPool(candidate.runs)];
  const paired = new PairedParts(baseline.runs, candidate.runs);
  return metricNames.flatMap((name) => {
    const from = basePool.metric(name);
    const to = pool.metric(name);
    if (from === undefined || to === undefined) return [];
    const sides = [
      { policy: baseline, pool: basePool, metric: from },
      { policy: candidate, pool, metric: to },
    ] as const;
    return [rowOf(name, sides, paired)];
  });
}

function rowOf(metric: MetricName, [from, to]: readonly [Side, Side], paired: PairedParts): Row {
  const [baseline, candidate] = [from.policy, to.policy];
  const { all: delta } = jackknifedDifference(to.metric, from.metric);
  const plain = differenceHalfWidth(metric, from, to, CONFIDENCE);
  const names = { baseline: baseline.name, candidate: candidate.name, metric, delta };
  const { good } = metricCatalogue[metric];
  if (good === "neither" || candidate.undirected?.includes(metric) === true)
    return { ...names, halfWidth: plain, better: null };
  if (baseline.hasFailed === true || candidate.hasFailed === true)
    return { ...names, halfWidth: plain, verdict: "cannot tell", better: null };
  const step = Math.max(...[from, to].map((side) => metricStep(metric, side.policy.runs, side.metric.all)));
  const values = { baseline: from.metric.all, candidate: to.metric.all };
  const evidence = { delta, halfWidth: plain, n: candidate.runs.length, ...values };
  const { verdict, halfWidth, isRounding } = judge(evidence, good === "lower", step, CONFIDENCE);
  const row = { ...names, halfWidth, verdict, better: isBetter(verdict) };
  const parts = verdict === "cannot tell" || isRounding ? undefined : paired.differences(metric);
  return parts === undefined ? row : { ...row, parts };
}

/**
 * How many of a table's verdicts chance alone would give: one in twenty of those where a
 * difference was possible.
 */
export function wordsByChance(comparisons: readonly Comparison[]): {
  readonly verdicts: number;
  readonly words: number;
} {
  const verdicts = comparisons.filter(
    ({ verdict, delta, halfWidth }) =>
      verdict !== undefined && verdict !== "cannot tell" && (delta !== 0 || halfWidth !== 0),
  ).length;
  return { verdicts, words: (1 - CONFIDENCE) * verdicts };
}
