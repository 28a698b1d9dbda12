import type { PoolObservation } from "../../ports/policy.js";
import {
  externalAverageReplicas,
  externalValueReplicas,
  podsReplicas,
  resourceReplicas,
  type Tolerances,
} from "./hpa-arithmetic.js";
import type { PoolPods } from "./hpa-pods.js";

/** The names of `MetricName`. */
export const metricNames = ["open-streams", "waiting-requests", "demand", "arrivals-per-second"] as const;

/**
 * Metrics of a pool: open streams, waiting requests, both together, or arrivals per second over the
 * metric window.
 */
export type MetricName = (typeof metricNames)[number];

/** A metric that is computed from others, or from the clock; undefined = no value yet. */
export type ComputedMetric = (pool: PoolObservation, reader: MetricReader, nowMs: number) => number | undefined;

/** One metric of an HPA (autoscaling/v2 MetricSpec). An object metric counts as an external one. */
export type HpaMetric =
  | { readonly type: "resource"; readonly targetUtilisation: number }
  | { readonly type: "pods"; readonly metric: MetricName; readonly averageValue: number }
  | { readonly type: "external"; readonly metric: MetricName | ComputedMetric; readonly value: number }
  | { readonly type: "external"; readonly metric: MetricName | ComputedMetric; readonly averageValue: number };

/** Quantities are whole thousandths upstream (resource.Quantity.MilliValue). */
const MILLI = 1000;

/** The values of a pool's metrics, as old as its scrapes. Arrivals per second need two scrapes. */
export class MetricReader {
  private readonly totals: { readonly atMs: number; readonly arrivals: number }[] = [];

  constructor(private readonly windowMs: number) {}

  update(pool: PoolObservation): void {
    if (pool.observedAtMs === Number.NEGATIVE_INFINITY) return;
    const last = this.totals[this.totals.length - 1];
    if (last !== undefined && last.atMs >= pool.observedAtMs) return;
    this.totals.push({ atMs: pool.observedAtMs, arrivals: pool.arrivals });
    while (this.totals.length > 2 && this.totals[1].atMs <= pool.observedAtMs - this.windowMs) this.totals.shift();
  }

  /** Over the whole pool; undefined = no such value yet. */
  total(pool: PoolObservation, metric: MetricName): number | undefined {
    if (pool.observedAtMs === Number.NEGATIVE_INFINITY) return undefined;
    switch (metric) {
      case "open-streams":
        return pool.open + pool.openDraining;
      case "waiting-requests":
        return pool.waiting;
      case "demand":
        return pool.open + pool.openDraining + pool.waiting;
      case "arrivals-per-second":
        return this.arrivalsPerSecond();
    }
  }

  private arrivalsPerSecond(): number | undefined {
    if (this.totals.length < 2) return undefined;
    const first = this.totals[0];
    const last = this.totals[this.totals.length - 1];
    return ((last.arrivals - first.arrivals) * 1000) / (last.atMs - first.atMs);
  }
}

function countsOpen(metric: MetricName): boolean {
  return metric === "open-streams" || metric === "demand";
}

/**
 * The proposal of one metric; undefined = the metric failed. `current` is the scale's
 * spec.replicas.
 */
export function replicasForMetric(
  metric: HpaMetric,
  current: number,
  pool: PoolObservation,
  pods: PoolPods,
  reader: MetricReader,
  tolerance: Tolerances,
  nowMs: number,
): number | undefined {
  if (metric.type === "resource") {
    const percent = Math.round(metric.targetUtilisation * 100);
    return resourceReplicas(current, pods.groups(pool, pool.open, true, nowMs), percent, tolerance);
  }
  const total =
    typeof metric.metric === "function" ? metric.metric(pool, reader, nowMs) : reader.total(pool, metric.metric);
  if (total === undefined) return undefined;
  if (metric.type === "pods") {
    // Pods that are being deleted are ignored, and their streams with them.
    const measured = MILLI * (countsOpen(metric.metric) ? total - pool.openDraining : total);
    return podsReplicas(current, pods.groups(pool, measured, false, nowMs), MILLI * metric.averageValue, tolerance);
  }
  const milli = Math.trunc(MILLI * total);
  if ("averageValue" in metric) return externalAverageReplicas(current, milli, MILLI * metric.averageValue, tolerance);
  return externalValueReplicas(current, pool.ready, milli, MILLI * metric.value, tolerance);
}

/**
 * The largest proposal of several metrics. Undefined (keep the current count) if all failed, or if
 * one failed and the others scale down (computeReplicasForMetrics, horizontal.go).
 */
export function largestProposal(proposals: readonly (number | undefined)[], current: number): number | undefined {
  let largest: number | undefined;
  let failed = 0;
  for (const proposal of proposals) {
    if (proposal === undefined) failed++;
    else if (largest === undefined || proposal > largest) largest = proposal;
  }
  if (largest === undefined || (failed > 0 && largest < current)) return undefined;
  return largest;
}
