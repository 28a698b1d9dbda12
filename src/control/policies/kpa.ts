import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../ports/policy.js";
import { ConcurrencyBuckets } from "./concurrency-buckets.js";
import { type KpaOutcome, KpaScaler } from "./kpa-scaler.js";

export interface KpaKnobs {
  /**
   * Streams that one streamlet should carry at 100 %; undefined = its slots. Knative's own default
   * of 100 is meant for HTTP requests.
   */
  readonly concurrencyTarget: number | undefined;
  readonly targetUtilisation: number;
  readonly targetBurstCapacity: number;
  /** In ms; the panic window is this share of it. */
  readonly stableWindowMs: number;
  readonly panicWindowPercentage: number;
  readonly panicThresholdPercentage: number;
  readonly maxScaleUpRate: number;
  readonly maxScaleDownRate: number;
  /** In ms. */
  readonly scaleToZeroGracePeriodMs: number;
  readonly scaleDownDelayMs: number;
  readonly activationScale: number;
}

/** ConfigMap config-autoscaler (knative/serving pkg/autoscaler/config/config.go). */
export const defaultKpaKnobs: KpaKnobs = {
  concurrencyTarget: undefined,
  targetUtilisation: 0.7,
  targetBurstCapacity: 211,
  stableWindowMs: 60_000,
  panicWindowPercentage: 10,
  panicThresholdPercentage: 200,
  maxScaleUpRate: 1000,
  maxScaleDownRate: 2,
  scaleToZeroGracePeriodMs: 30_000,
  scaleDownDelayMs: 0,
  activationScale: 1,
};

/** No target is below this (autoscaling.TargetMin). */
const TARGET_MIN = 0.01;

/** Why a KPA decided what it decided. */
export const kpaReasons = [
  "above-target",
  "below-target",
  "on-target",
  "panic",
  "panic-holds",
  "up-rate-limited",
  "down-rate-limited",
  "scale-down-delayed",
  "idle",
  "inactive",
  "scale-to-zero",
  "activated",
  "no-data",
  "at-max",
  "at-min",
] as const;
type KpaReason = (typeof kpaReasons)[number];
type KpaDecision = PoolDecision & { readonly reason: KpaReason };

/**
 * The Knative Pod Autoscaler (knative/serving 1.x, KPA) with its default constants: every 2 s, on
 * concurrency at most about 1 s old, over a stable window of 60 s and a panic window of 6 s.
 * Concurrency is the mean over the ready pods times their number, plus the requests that the
 * activator holds. Streams on draining streamlets are not in it: the scraper knows only the
 * service's endpoints. At zero, a request that finds no slot triggers a decision at once, as the
 * activator does.
 */
export function createKpa(knobs: KpaKnobs, context: PolicyContext): Policy {
  const revisions = context.pools.map(({ slots }) => new Revision(knobs, slots));
  return {
    wakeOn: ["no-free-slot"],
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      const { trigger, triggerPool } = observation;
      return observation.pools.map((pool, i) => {
        if (trigger === "no-free-slot") return i === triggerPool ? revisions[i].poke(pool, nowMs) : undefined;
        return revisions[i].decide(pool, nowMs);
      });
    },
  };
}

/** One pool is one revision with its autoscaler and its scaler. */
class Revision {
  private readonly buckets: ConcurrencyBuckets;
  private scaler: KpaScaler | undefined;
  /** The PodAutoscaler's Active condition: since when it is true, or false. */
  private activeSinceMs: number | undefined;
  private inactiveSinceMs: number | undefined;

  constructor(
    private readonly knobs: KpaKnobs,
    private readonly slots: number,
  ) {
    this.buckets = new ConcurrencyBuckets(knobs.stableWindowMs);
  }

  decide(pool: PoolObservation, nowMs: number): KpaDecision {
    this.scaler ??= this.createScaler(pool.ready, nowMs);
    this.activeSinceMs ??= nowMs;
    const seenMs = pool.openStreamMs + pool.waitingRequestMs - (pool.drainingStreamMs ?? 0);
    this.buckets.record(pool.observedAtMs, seenMs);
    const { stableWindowMs, panicWindowPercentage } = this.knobs;
    const stable = this.buckets.average(stableWindowMs);
    const panic = this.buckets.average((stableWindowMs * panicWindowPercentage) / 100);
    if (stable === undefined || panic === undefined) return { desired: pool.desired, reason: "no-data" };
    const outcome = this.scaler.scale(stable, panic, pool.ready, nowMs);
    const details = {
      stableConcurrency: stable,
      panicConcurrency: panic,
      wantStable: outcome.wantStable,
      wantPanic: outcome.wantPanic,
      excessBurstCapacity: outcome.excessBurstCapacity,
    };
    const bounded = Math.min(Math.max(outcome.desired, pool.min), pool.max);
    if (bounded === 0) return { details, ...this.towardsZero(pool, nowMs) };
    this.activate(nowMs);
    return { desired: bounded, reason: reasonOf(outcome, bounded, pool), details };
  }

  /** A request waits at a revision with no replica. */
  poke(pool: PoolObservation, nowMs: number): KpaDecision | undefined {
    if (pool.desired > 0) return undefined;
    this.activate(nowMs);
    return { desired: Math.min(Math.max(1, this.knobs.activationScale), pool.max), reason: "activated" };
  }

  private activate(nowMs: number): void {
    if (this.inactiveSinceMs === undefined) return;
    this.inactiveSinceMs = undefined;
    this.activeSinceMs = nowMs;
  }

  /**
   * handleScaleToZero (pkg/reconciler/autoscaling/kpa/scaler.go): active for at least the stable
   * window, then inactive for the grace period.
   */
  private towardsZero(pool: PoolObservation, nowMs: number): KpaDecision {
    if (this.inactiveSinceMs === undefined) {
      if (nowMs - (this.activeSinceMs ?? nowMs) < this.knobs.stableWindowMs)
        return { desired: Math.min(1, pool.desired), reason: "idle" };
      this.inactiveSinceMs = nowMs;
      return { desired: pool.desired, reason: "inactive" };
    }
    if (nowMs - this.inactiveSinceMs < this.knobs.scaleToZeroGracePeriodMs)
      return { desired: pool.desired, reason: "inactive" };
    return { desired: 0, reason: "scale-to-zero" };
  }

  private createScaler(ready: number, nowMs: number): KpaScaler {
    const { knobs } = this;
    const totalValue = knobs.concurrencyTarget ?? this.slots;
    const spec = {
      targetValue: Math.max(TARGET_MIN, totalValue * knobs.targetUtilisation),
      totalValue,
      maxScaleUpRate: knobs.maxScaleUpRate,
      maxScaleDownRate: knobs.maxScaleDownRate,
      panicThreshold: knobs.panicThresholdPercentage / 100,
      stableWindowMs: knobs.stableWindowMs,
      scaleDownDelayMs: knobs.scaleDownDelayMs,
      activationScale: knobs.activationScale,
      targetBurstCapacity: knobs.targetBurstCapacity,
      reachable: true,
    };
    return new KpaScaler(spec, ready, nowMs);
  }
}

function reasonOf(outcome: KpaOutcome, desired: number, pool: PoolObservation): KpaReason {
  if (desired < outcome.desired) return "at-max";
  if (desired > outcome.desired) return "at-min";
  switch (outcome.heldBy) {
    case "up-rate":
      return "up-rate-limited";
    case "down-rate":
      return "down-rate-limited";
    case "panic":
      return "panic-holds";
    case "scale-down-delay":
      return "scale-down-delayed";
    case "":
      if (outcome.inPanic) return "panic";
      if (desired === pool.desired) return "on-target";
      return desired > pool.desired ? "above-target" : "below-target";
  }
}
