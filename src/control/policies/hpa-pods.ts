import type { PoolObservation } from "../../ports/policy.js";
import type { PodGroup, PodState } from "./hpa-arithmetic.js";
import { ReplicaCohorts } from "./replica-cohorts.js";

/**
 * Flags of kube-controller-manager that decide which samples count
 * (pkg/controller/podautoscaler/config).
 */
export interface ReadinessSpec {
  /**
   * --horizontal-pod-autoscaler-cpu-initialization-period: until this age, a CPU sample counts only
   * if its whole window lies after readiness.
   */
  readonly cpuInitializationPeriodMs: number;
  /**
   * --horizontal-pod-autoscaler-initial-readiness-delay: an unready pod whose readiness changed
   * within this of its start was never ready.
   */
  readonly initialReadinessDelayMs: number;
  /** The window of one sample: metrics-server's --metric-resolution. */
  readonly metricsResolutionMs: number;
}

export const defaultReadiness: ReadinessSpec = {
  cpuInitializationPeriodMs: 300_000,
  initialReadinessDelayMs: 30_000,
  metricsResolutionMs: 15_000,
};

/** What upstream's groupPods looks at. */
export interface PodFacts {
  readonly phase: "Pending" | "Running" | "Failed";
  readonly deleting: boolean;
  /** The Ready condition and when it last changed; undefined = no condition yet. */
  readonly ready: boolean | undefined;
  readonly transitionAtMs: number;
  readonly startedAtMs: number;
  /** When its sample was taken; undefined = none. */
  readonly sampledAtMs: number | undefined;
}

/**
 * The state of a pod by upstream's groupPods (replica_calculator.go). "ignored" pods are not
 * counted. Only CPU depends on readiness.
 */
export function podState(pod: PodFacts, isCpu: boolean, nowMs: number, spec: ReadinessSpec): PodState | "ignored" {
  if (pod.deleting || pod.phase === "Failed") return "ignored";
  if (pod.phase === "Pending") return "pending";
  if (pod.sampledAtMs === undefined) return "missing";
  if (!isCpu) return "ready";
  if (pod.ready === undefined) return "unready";
  const initialising = pod.startedAtMs + spec.cpuInitializationPeriodMs > nowMs;
  const unready = initialising
    ? !pod.ready || pod.sampledAtMs < pod.transitionAtMs + spec.metricsResolutionMs
    : !pod.ready && pod.startedAtMs + spec.initialReadinessDelayMs > pod.transitionAtMs;
  return unready ? "unready" : "ready";
}

/**
 * A pool as the pods that an HPA sees. A spawning streamlet is a pending pod; a draining one is
 * being deleted. One that became ready after the scrape has no sample yet. The measured sum is
 * shared evenly by those that have one.
 */
export class PoolPods {
  private readonly cohorts: ReplicaCohorts;

  constructor(private readonly spec: ReadinessSpec) {
    this.cohorts = new ReplicaCohorts(spec.cpuInitializationPeriodMs + spec.metricsResolutionMs);
  }

  update(pool: PoolObservation, nowMs: number): void {
    this.cohorts.update(pool, nowMs);
  }

  /**
   * Groups with `measured` (of all ready streamlets together) as usage and slots as request.
   * Replicas that were desired and could not be launched are pending, too.
   */
  groups(pool: PoolObservation, measured: number, isCpu: boolean, nowMs: number): PodGroup[] {
    const mean = pool.observedReady === 0 ? 0 : measured / pool.observedReady;
    const isScraped = pool.observedReady > 0 && pool.observedAtMs !== Number.NEGATIVE_INFINITY;
    const groups: PodGroup[] = [];
    let ready = 0;
    for (const cohort of this.cohorts.all) {
      if (cohort.readyAtMs === undefined) continue;
      const sampled = isScraped && cohort.readyAtMs <= pool.observedAtMs;
      const facts: PodFacts = {
        phase: "Running",
        deleting: false,
        ready: true,
        transitionAtMs: cohort.readyAtMs,
        startedAtMs: cohort.startedAtMs,
        sampledAtMs: sampled ? pool.observedAtMs : undefined,
      };
      const state = podState(facts, isCpu, nowMs, this.spec);
      if (state === "ignored") continue;
      const usage = sampled ? mean * cohort.count : 0;
      groups.push({ state, count: cohort.count, usage, request: cohort.count * pool.slots });
      ready += cohort.count;
    }
    const pending = Math.max(pool.spawning, pool.desired - ready);
    if (pending > 0) groups.push({ state: "pending", count: pending, usage: 0, request: pending * pool.slots });
    return groups;
  }
}
