import { type Jackknifed, jackknifedDifference } from "../base/jackknife.js";
import { isBetter, judge, type Verdict } from "../base/paired-verdict.js";
import { stepDownPs } from "../base/sign-flip.js";
import { metricStep } from "../world/metric-step.js";
import { type MetricName, metricNames } from "../world/metric-table.js";
import { differenceHalfWidth, MetricPool, type PooledMetric } from "../world/pooled-metrics.js";
import type { RunResult } from "../world/run-result.js";
import { metricCatalogue } from "./metric-catalogue.js";

const CONFIDENCE = 0.95;
/** The probability of any false word in the whole table, of those that survive the test over it. */
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
   * Whether the word survives a test over all verdicts of the table. Absent where there is no
   * better or worse.
   */
  readonly familywise?: boolean;
}

/** One policy's finished replications. */
export interface ComparedPolicy {
  readonly name: string;
  readonly runs: readonly RunResult[];
  /**
   * Metrics that have no good direction between this policy and the baseline (units of capacity of
   * another size).
   */
  readonly undirected?: readonly MetricName[];
  /** Set if the policy itself failed: its numbers are those of a fleet without decisions. */
  readonly hasFailed?: boolean;
}

interface Row extends Comparison {
  /** The replications' pseudo-values of the difference; absent where there is nothing to test. */
  readonly pseudo?: Float64Array;
}

/**
 * Every candidate against the baseline, metric by metric. Replication r of both policies met the
 * same arrivals: it is left out of both at once, and the common noise drops out. Each verdict
 * stands on its own interval; `familywise` is the step-down max-T test over all of them at 5 %.
 */
export function compareAll(baseline: ComparedPolicy, candidates: readonly ComparedPolicy[]): Comparison[] {
  const rows = candidates.flatMap((candidate) => compare(baseline, candidate));
  const tested = rows.flatMap((row) => (row.pseudo === undefined ? [] : [{ row, pseudo: row.pseudo }]));
  const ps = stepDownPs(tested.map(({ pseudo }) => pseudo));
  const survives = new Set(tested.filter((_, k) => ps[k] <= FAMILYWISE_ERROR).map(({ row }) => row));
  return rows.map((row) => {
    const { pseudo: _pseudo, ...comparison } = row;
    return row.better === null ? comparison : { ...comparison, familywise: survives.has(row) };
  });
}

function compare(baseline: ComparedPolicy, candidate: ComparedPolicy): Row[] {
  const [basePool, pool] = [new MetricPool(baseline.runs), new MetricPool(candidate.runs)];
  return metricNames.flatMap((metric) => {
    const from = basePool.metric(metric);
    const to = pool.metric(metric);
    return from === undefined || to === undefined ? [] : [rowOf(metric, baseline, candidate, from, to)];
  });
}

function rowOf(
  metric: MetricName,
  baseline: ComparedPolicy,
  candidate: ComparedPolicy,
  from: PooledMetric,
  to: PooledMetric,
): Row {
  const difference = jackknifedDifference(to, from);
  const { all: delta } = difference;
  const plain = differenceHalfWidth(from, to, CONFIDENCE);
  const names = { baseline: baseline.name, candidate: candidate.name, metric, delta };
  const { good } = metricCatalogue[metric];
  if (good === "neither" || candidate.undirected?.includes(metric) === true)
    return { ...names, halfWidth: plain, better: null };
  if (baseline.hasFailed === true || candidate.hasFailed === true)
    return { ...names, halfWidth: plain, verdict: "cannot tell", better: null };
  const step = Math.max(metricStep(metric, baseline.runs, from.all), metricStep(metric, candidate.runs, to.all));
  const evidence = { delta, halfWidth: plain, n: candidate.runs.length, baseline: from.all, candidate: to.all };
  const { verdict, halfWidth, isRounding } = judge(evidence, good === "lower", step, CONFIDENCE);
  const row = { ...names, halfWidth, verdict, better: isBetter(verdict) };
  const pseudo = pseudoValues(difference);
  return verdict === "cannot tell" || isRounding || pseudo === undefined ? row : { ...row, pseudo };
}

/** n·θ − (n−1)·θ₍₋ᵣ₎ (Tukey 1958): for a mean they are the replications' own differences. */
function pseudoValues({ all, without }: Jackknifed): Float64Array | undefined {
  const n = without.length;
  const values = without.flatMap((left) => (left === undefined ? [] : [n * all - (n - 1) * left]));
  return values.length === n && n > 1 ? Float64Array.from(values) : undefined;
}

/**
 * How many of a table's words chance alone would give: one verdict in twenty, of those where a
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
