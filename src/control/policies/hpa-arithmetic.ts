/**
 * The replica calculator of the Kubernetes HorizontalPodAutoscaler (kubernetes/kubernetes pkg/controller/podautoscaler, v2), as pure functions. One
 * replica is one streamlet.
 */

/** One pod's metric. `usage` and `request` in the same unit; a missing one has no sample. */
export interface PodSample {
  readonly state: "ready" | "unready" | "missing" | "pending";
  readonly usage: number;
  readonly request: number;
}

export interface Tolerances {
  readonly up: number;
  readonly down: number;
}

/** Sums over pods in one state: what the calculator needs of them. */
interface Sums {
  readonly count: number;
  readonly usage: number;
  readonly request: number;
}

function sumOf(pods: readonly PodSample[], state: PodSample["state"]): Sums {
  let count = 0;
  let usage = 0;
  let request = 0;
  for (const pod of pods) {
    if (pod.state !== state) continue;
    count++;
    usage += pod.usage;
    request += pod.request;
  }
  return { count, usage, request };
}

function withinTolerance(ratio: number, tolerance: Tolerances): boolean {
  return ratio >= 1 - tolerance.down && ratio <= 1 + tolerance.up;
}

/** Upstream's integer percentages: utilisation = int(100·Σusage/Σrequest). */
function resourceRatio(usage: number, request: number, targetPercent: number): number {
  return Math.trunc((100 * usage) / request) / targetPercent;
}

/** Desired replicas for a resource metric (`averageUtilization`). */
export function resourceReplicas(
  current: number,
  pods: readonly PodSample[],
  targetPercent: number,
  tolerance: Tolerances,
): number {
  const ratioOf = (usage: number, request: number): number => resourceRatio(usage, request, targetPercent);
  const fillDown = (request: number): number => (request * Math.max(100, targetPercent)) / 100;
  return replicasByRatio(current, pods, ratioOf, fillDown, tolerance);
}

/** Desired replicas for a pods metric (`averageValue`); usage is the metric, request is ignored. */
export function podsReplicas(
  current: number,
  pods: readonly PodSample[],
  target: number,
  tolerance: Tolerances,
): number {
  const counted = pods.map((pod) => ({ ...pod, request: 1 }));
  return replicasByRatio(
    current,
    counted,
    (usage, count) => usage / count / target,
    (count) => count * target,
    tolerance,
  );
}

function replicasByRatio(
  current: number,
  pods: readonly PodSample[],
  ratioOf: (usage: number, request: number) => number,
  missingWhenDown: (request: number) => number,
  tolerance: Tolerances,
): number {
  const ready = sumOf(pods, "ready");
  const unready = sumOf(pods, "unready");
  const pending = sumOf(pods, "pending");
  const missing = sumOf(pods, "missing");
  if (ready.count === 0) return current;
  const ratio = ratioOf(ready.usage, ready.request);
  const ignored = unready.count + pending.count;
  if (missing.count === 0 && !(ignored > 0 && ratio > 1)) {
    return withinTolerance(ratio, tolerance) ? current : Math.ceil(ratio * ready.count);
  }
  let { usage, request, count } = ready;
  if (missing.count > 0) {
    request += missing.request;
    count += missing.count;
    // Missing pods count as fully used when the rest says down, as idle when it says up; at exactly 1 neither.
    if (ratio < 1) usage += missingWhenDown(missing.request);
  }
  if (ratio > 1) {
    request += unready.request + pending.request;
    count += ignored;
  }
  const refined = ratioOf(usage, request);
  if (withinTolerance(refined, tolerance) || (ratio < 1 && refined > 1) || (ratio > 1 && refined < 1)) return current;
  const replicas = Math.ceil(refined * count);
  if ((refined < 1 && replicas > current) || (refined > 1 && replicas < current)) return current;
  return replicas;
}

/** External metric with AverageValue (KEDA's): v/(target·replicas) decides whether, ceil(v/target) how many. */
export function externalAverageReplicas(
  current: number,
  total: number,
  targetPerReplica: number,
  tolerance: Tolerances,
): number {
  if (current === 0) return Math.ceil(total / targetPerReplica);
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
