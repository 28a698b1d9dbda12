/**
 * The replica calculator of the Kubernetes HorizontalPodAutoscaler (kubernetes/kubernetes
 * pkg/controller/podautoscaler, v2), as pure functions. One replica is one streamlet.
 */

/**
 * Pods in the same state; `usage` and `request` are sums over them. The calculator needs only sums,
 * so a pool of 10,000 is a handful of groups. "unready" and "pending" pods are upstream's ignored
 * ones; a missing one has no sample.
 */
export interface PodGroup {
  readonly state: PodState;
  readonly count: number;
  readonly usage: number;
  readonly request: number;
}

export type PodState = "ready" | "unready" | "missing" | "pending";

export interface Tolerances {
  readonly up: number;
  readonly down: number;
}

type Sums = Omit<PodGroup, "state">;

function sumOf(pods: readonly PodGroup[], ...states: readonly PodState[]): Sums {
  let count = 0;
  let usage = 0;
  let request = 0;
  for (const pod of pods) {
    if (!states.includes(pod.state)) continue;
    count += pod.count;
    usage += pod.usage;
    request += pod.request;
  }
  return { count, usage, request };
}

function withinTolerance(ratio: number, tolerance: Tolerances): boolean {
  return ratio >= 1 - tolerance.down && ratio <= 1 + tolerance.up;
}

/**
 * How a kind of metric is counted: its ratio to the target, and the usage assumed for pods without
 * a sample.
 */
interface Counting {
  readonly ratioOf: (of: Sums) => number;
  /** Usage assumed for missing pods if the others scale down; undefined = they are not counted. */
  readonly missingUsage: (ratio: number, missing: Sums) => number | undefined;
}

/**
 * Desired replicas for a resource metric (`averageUtilization`, whole per cent): utilisation =
 * int(100·Σusage/Σrequest), truncated as upstream does. Undefined = no ready pod has a metric: the
 * metric failed.
 */
export function resourceReplicas(
  current: number,
  pods: readonly PodGroup[],
  targetPercent: number,
  tolerance: Tolerances,
): number | undefined {
  return replicasByRatio(current, pods, tolerance, {
    ratioOf: ({ usage, request }) => Math.trunc((100 * usage) / request) / targetPercent,
    missingUsage: (ratio, { request }) => {
      if (ratio === 1) return undefined;
      return ratio < 1 ? (request * Math.max(FULLY_USED_PERCENT, targetPercent)) / 100 : 0;
    },
  });
}

/**
 * If the others scale down, a pod without a sample counts as fully used, or as on target if the
 * target is higher.
 */
const FULLY_USED_PERCENT = 100;

/**
 * Desired replicas for a pods metric (`averageValue`). Usage and target are in milli-units; their
 * mean is truncated as upstream's integers are. Requests are ignored. Undefined = no ready pod has
 * a metric.
 */
export function podsReplicas(
  current: number,
  pods: readonly PodGroup[],
  targetMilli: number,
  tolerance: Tolerances,
): number | undefined {
  return replicasByRatio(current, pods, tolerance, {
    ratioOf: ({ usage, count }) => Math.trunc(usage / count) / targetMilli,
    missingUsage: (ratio, { count }) => (ratio < 1 ? count * targetMilli : 0),
  });
}

function replicasByRatio(
  current: number,
  pods: readonly PodGroup[],
  tolerance: Tolerances,
  counting: Counting,
): number | undefined {
  const ready = sumOf(pods, "ready");
  const ignored = sumOf(pods, "unready", "pending");
  const missing = sumOf(pods, "missing");
  if (ready.count === 0) return undefined;
  const ratio = counting.ratioOf(ready);
  const upWithIgnored = ignored.count > 0 && ratio > 1;
  if (missing.count === 0 && !upWithIgnored)
    return withinTolerance(ratio, tolerance) ? current : Math.ceil(ratio * ready.count);
  let counted = ready;
  const missingUsage = missing.count === 0 ? undefined : counting.missingUsage(ratio, missing);
  if (missingUsage !== undefined) counted = joined(counted, missing, missingUsage);
  if (upWithIgnored) counted = joined(counted, ignored, 0);
  const refined = counting.ratioOf(counted);
  if (withinTolerance(refined, tolerance) || (ratio < 1 && refined > 1) || (ratio > 1 && refined < 1)) return current;
  const replicas = Math.ceil(refined * counted.count);
  if ((refined < 1 && replicas > current) || (refined > 1 && replicas < current)) return current;
  return replicas;
}

function joined(counted: Sums, more: Sums, usage: number): Sums {
  return {
    count: counted.count + more.count,
    usage: counted.usage + usage,
    request: counted.request + more.request,
  };
}

/**
 * External metric with AverageValue (KEDA's): v/(target·replicas) decides whether to scale,
 * ceil(v/target) to how many.
 */
export function externalAverageReplicas(
  current: number,
  total: number,
  targetPerReplica: number,
  tolerance: Tolerances,
): number {
  // From 0 replicas the ratio is infinite (or NaN, without load), which no tolerance includes.
  const ratio = total / (targetPerReplica * current);
  return withinTolerance(ratio, tolerance) ? current : Math.ceil(total / targetPerReplica);
}

/** Object or external metric with Value. */
export function externalValueReplicas(
  current: number,
  ready: number,
  value: number,
  target: number,
  tolerance: Tolerances,
): number {
  const ratio = value / target;
  if (current === 0) return Math.ceil(ratio);
  return withinTolerance(ratio, tolerance) ? current : Math.ceil(ratio * ready);
}
