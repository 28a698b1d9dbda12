import { type MetricName, metricTable } from "../../world/metric-table.js";
import type { PooledMetric } from "../../world/pooled-metrics.js";
import type { MetricSample } from "../../world/run-result.js";
import type { KeptDecision } from "./kept-decision.js";

/**
 * One metric of one policy over the first n replications, rounded to the precision of its interval.
 */
export interface MetricFigures {
  readonly mean: number;
  /** Of the 95 % interval; null where it does not exist. */
  readonly halfWidth: number | null;
  /**
   * One value per replication: its jackknife pseudo-value n·θ − (n − 1)·θ₍₋ᵣ₎ (Tukey 1958). For a
   * mean that is the replication's own value. The gate tests their differences.
   */
  readonly values: readonly number[];
  /** True for a percentile with only a lower bound, which is never compared. */
  readonly atLeast?: true | undefined;
}

/** All gated metrics over the first `replications` of a policy. */
export interface StageFigures {
  readonly replications: number;
  readonly metrics: ReadonlyMap<string, MetricFigures>;
}

/** The figures of one policy in a gate. */
export interface PolicyFigures {
  readonly name: string;
  readonly kind: string;
  /** Hash over all decisions, per replication. */
  readonly decisions: readonly string[];
  /**
   * Of replication 0: rolling hash at the end of each hour, and the decisions that changed
   * something.
   */
  readonly hours: readonly string[];
  readonly kept: readonly KeptDecision[];
  /**
   * Of replication 0, per hour: mean paid streamlets, mean waiting requests, violating minutes.
   */
  readonly streamletsByHour: readonly number[];
  readonly waitingByHour: readonly number[];
  readonly violatingByHour: readonly number[];
  /**
   * Standard deviation, per metric, of the paired differences to the same policy at the next
   * value of its knob: the expected noise of a change. Empty if it was not measured.
   */
  readonly noise: ReadonlyMap<string, number>;
  /**
   * The replications' sums and waits, up to the last stage: the inputs for differences of ratios
   * and percentiles. Absent if every gated metric is a mean.
   */
  readonly samples?: readonly MetricSample[] | undefined;
  /**
   * The first stage has the replications of the file, the last all that "cannot tell" may add.
   */
  readonly stages: readonly StageFigures[];
}

export interface ScenarioFigures {
  /** As `regression.yaml` writes it. */
  readonly file: string;
  readonly name: string;
  /** Hash of everything except policies, balancer and routing, which a gate allows to change. */
  readonly world: string;
  readonly seed: number;
  readonly pools: readonly string[];
  readonly policies: readonly PolicyFigures[];
}

/**
 * Digits kept beyond the first of the half width. Rounding then moves a value by ≤ 0.5 % of the
 * half width.
 */
const DIGITS_BEYOND_HALF_WIDTH = 3;
/** Digits of a value whose replications are all alike. */
const MOST_DIGITS = 12;

/** Whether the values per replication are enough: a ratio or a percentile needs pooled data. */
export function isMean(metric: MetricName): boolean {
  return metricTable[metric].kind === "mean";
}

/** Figures of a metric from its jackknifed value, rounded to the step that the half width gives. */
export function figuresOf(found: PooledMetric, halfWidth: number | null): MetricFigures {
  const n = found.without.length;
  const pseudo = found.without.map((without) => n * found.all - (n - 1) * (without ?? found.all));
  const decimals = decimalsOf(halfWidth);
  const rounded = (value: number): number => roundedTo(value, decimals);
  return {
    mean: rounded(found.all),
    halfWidth: halfWidth === null ? null : Number(halfWidth.toPrecision(DIGITS_BEYOND_HALF_WIDTH)),
    values: pseudo.map(rounded),
    ...(found.isLowerBound ? { atLeast: true } : {}),
  };
}

/** The same value rounded to the other one's grid, so that equal runs give equal figures. */
export function roundedLike(value: number, like: MetricFigures): number {
  return roundedTo(value, decimalsOf(like.halfWidth));
}

function decimalsOf(halfWidth: number | null): number | undefined {
  if (halfWidth === null || !(halfWidth > 0)) return undefined;
  return DIGITS_BEYOND_HALF_WIDTH - 1 - Math.floor(Math.log10(halfWidth));
}

function roundedTo(value: number, decimals: number | undefined): number {
  if (decimals === undefined || decimals > 15) return Number(value.toPrecision(MOST_DIGITS));
  if (decimals >= 0) return Number(value.toFixed(decimals));
  const step = Number(`1e${-decimals}`);
  return Math.round(value / step) * step;
}
