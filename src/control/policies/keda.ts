import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../ports/policy.js";
import { HpaDeployment, type HpaReason, hpaReasons, type WrittenDirection } from "./hpa.js";
import { MetricReader } from "./hpa-metrics.js";
import { type KedaTrigger, KedaTriggers, type MetricTrigger, type ScalingModifiers } from "./keda-triggers.js";

export interface KedaKnobs {
  readonly triggers: readonly KedaTrigger[];
  /** One composite metric in place of the triggers' own. */
  readonly scalingModifiers?: ScalingModifiers;
  /**
   * In ms, as the two below. Period of the checks for activity. Between 1 and N the HPA decides at
   * each tick.
   */
  readonly pollingIntervalMs: number;
  readonly cooldownPeriodMs: number;
  readonly initialCooldownPeriodMs: number;
  /**
   * Count of an inactive pool instead of 0; undefined = 0. Above 0 the HPA, which scales everything
   * that has a replica, raises it to `min` until the next poll (kedacore/keda #2314): the pool
   * alternates between the two.
   */
  readonly idleReplicaCount: number | undefined;
  readonly tolerance?: number;
  readonly scaleUp?: WrittenDirection;
  readonly scaleDown?: WrittenDirection;
}

/** Defaults of a trigger: activation above 0, and AverageValue, as for every KEDA scaler. */
export const defaultKedaTrigger: MetricTrigger = {
  metric: "demand",
  threshold: undefined,
  activationThreshold: 0,
  metricType: "AverageValue",
};

/**
 * Defaults of the ScaledObject (kedacore/keda apis/keda/v1alpha1; pkg/scaling/executor:
 * defaultCooldownPeriod).
 */
export const defaultKedaKnobs: KedaKnobs = {
  triggers: [defaultKedaTrigger],
  pollingIntervalMs: 30_000,
  cooldownPeriodMs: 300_000,
  initialCooldownPeriodMs: 0,
  idleReplicaCount: undefined,
};

/** The window of a rate trigger, as in the usual `rate(…[1m])`. */
const RATE_WINDOW_MS = 60_000;

/** The reasons of KEDA: its own to or from 0, those of its HPA between 1 and N. */
export const kedaReasons = [
  "scale-from-zero",
  "inactive-at-zero",
  "cooling-down",
  "cooled-down",
  "waiting-for-poll",
  "no-metrics",
  ...hpaReasons,
] as const;
type KedaReason =
  | "scale-from-zero"
  | "inactive-at-zero"
  | "cooling-down"
  | "cooled-down"
  | "waiting-for-poll"
  | HpaReason;
type KedaDecision = PoolDecision & { readonly reason: KedaReason };

/**
 * KEDA 2.x (kedacore/keda). The operator takes a pool from 0 to max(1, min) when a poll finds a
 * trigger active, and back once the cooldown since its last activity is over. Between 1 and N its
 * HPA scales on external metrics, synced every 15 s. The largest proposal of the triggers counts.
 */
export function createKeda(knobs: KedaKnobs, context: PolicyContext): Policy {
  const objects = context.pools.map(({ slots }) => new ScaledObject(knobs, slots));
  return {
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      return observation.pools.map((pool, i) => objects[i].decide(pool, observation.history.epochMs, nowMs));
    },
  };
}

/** One pool is one ScaledObject. */
class ScaledObject {
  private readonly hpa: HpaDeployment;
  private readonly reader = new MetricReader(RATE_WINDOW_MS);
  private polledAtMs = Number.NEGATIVE_INFINITY;
  private createdAtMs: number | undefined;
  private lastActiveAtMs: number | undefined;
  private active: boolean | undefined;
  private epochMs = 0;
  private readonly triggers: KedaTriggers;

  constructor(
    private readonly knobs: KedaKnobs,
    slots: number,
  ) {
    const { tolerance, scaleUp, scaleDown } = knobs;
    this.triggers = new KedaTriggers(knobs.triggers, knobs.scalingModifiers, slots, () => this.epochMs);
    this.hpa = new HpaDeployment({
      metrics: this.triggers.metrics,
      metricsResolutionMs: RATE_WINDOW_MS,
      ...(tolerance === undefined ? {} : { tolerance }),
      ...(scaleUp === undefined ? {} : { scaleUp }),
      ...(scaleDown === undefined ? {} : { scaleDown }),
    });
  }

  decide(pool: PoolObservation, epochMs: number, nowMs: number): KedaDecision {
    this.epochMs = epochMs;
    this.createdAtMs ??= nowMs;
    this.reader.update(pool);
    const polled = nowMs - this.polledAtMs >= this.knobs.pollingIntervalMs;
    if (polled) {
      this.polledAtMs = nowMs;
      this.active = this.triggers.isActive(pool, this.reader, nowMs);
      // Upstream sets this only if the pool is already up; bringing it up sets it as well.
      if (this.active === true) this.lastActiveAtMs = nowMs;
    }
    const idle = this.knobs.idleReplicaCount ?? 0;
    const hpaTakesBack = idle > 0 && !polled && pool.desired === idle;
    if (pool.desired <= idle && !hpaTakesBack) return this.fromIdle(pool, polled, idle);
    // With a minimum, the HPA does all scaling down (unless an idle count below it is given).
    const mayIdle = pool.min === 0 || this.knobs.idleReplicaCount !== undefined;
    if (polled && this.active === false && mayIdle) return this.towardsIdle(pool, nowMs, idle);
    return this.hpa.decide({ ...pool, min: Math.max(1, pool.min) }, nowMs);
  }

  private fromIdle(pool: PoolObservation, polled: boolean, idle: number): KedaDecision {
    if (this.active === undefined) return { desired: pool.desired, reason: "no-metrics" };
    if (!polled) return { desired: pool.desired, reason: "waiting-for-poll" };
    if (this.active) return { desired: Math.max(1, pool.min), reason: "scale-from-zero" };
    return { desired: idle, reason: "inactive-at-zero" };
  }

  private towardsIdle(pool: PoolObservation, nowMs: number, idle: number): KedaDecision {
    const { cooldownPeriodMs, initialCooldownPeriodMs } = this.knobs;
    const endsAtMs =
      this.lastActiveAtMs === undefined
        ? (this.createdAtMs ?? nowMs) + initialCooldownPeriodMs
        : this.lastActiveAtMs + cooldownPeriodMs;
    if (endsAtMs < nowMs) return { desired: idle, reason: "cooled-down" };
    const hpa = this.hpa.decide({ ...pool, min: Math.max(1, pool.min) }, nowMs);
    return hpa.desired === pool.desired ? { ...hpa, reason: "cooling-down" } : hpa;
  }
}
