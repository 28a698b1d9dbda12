import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../ports/policy.js";
import { CapacityCooldown } from "./capacity-cooldown.js";
import { LoadDatapoints } from "./load-datapoints.js";

export interface AwsTargetTrackingKnobs {
  readonly targetUtilisation: number;
  /** One-minute datapoints that must all breach. */
  readonly scaleOutDatapoints: number;
  readonly scaleInDatapoints: number;
  /** The scale-in alarm lies this share below the target. */
  readonly scaleInMargin: number;
  /** In ms. */
  readonly scaleOutCooldownMs: number;
  readonly scaleInCooldownMs: number;
  readonly disableScaleIn: boolean;
}

/**
 * The alarms that target tracking creates: 3 datapoints of 1 min above the target, 15 of them 10 %
 * below it; cooldowns of 300 s (Application Auto Scaling User Guide, "Target tracking scaling
 * policies"; API TargetTrackingScalingPolicyConfiguration). There is no default target: 70 % is
 * Headrace's.
 */
export const defaultAwsTargetTrackingKnobs: AwsTargetTrackingKnobs = {
  targetUtilisation: 0.7,
  scaleOutDatapoints: 3,
  scaleInDatapoints: 15,
  scaleInMargin: 0.1,
  scaleOutCooldownMs: 300_000,
  scaleInCooldownMs: 300_000,
  disableScaleIn: false,
};

export const awsTargetTrackingReasons = [
  "high-alarm",
  "low-alarm",
  "no-alarm",
  "scale-out-cooldown",
  "scale-in-cooldown",
  "missing-data",
  "at-max",
  "at-min",
] as const;
type AwsTargetTrackingReason = (typeof awsTargetTrackingReasons)[number];
type AwsDecision = PoolDecision & { readonly reason: AwsTargetTrackingReason };

/**
 * AWS target tracking on utilisation: capacity = ceil(current · metric / target) when an alarm
 * fires. It sees CloudWatch's one-minute averages, about a minute after their minute ended. Missing
 * data changes nothing.
 */
export function createAwsTargetTracking(knobs: AwsTargetTrackingKnobs, context: PolicyContext): Policy {
  const groups = context.pools.map(() => new TargetTracking(knobs));
  return {
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      return observation.pools.map((pool, i) => groups[i].decide(pool, nowMs));
    },
  };
}

/** One pool is one scalable target. Predictive scaling combines with it. */
export class TargetTracking {
  private readonly load: LoadDatapoints;
  private readonly cooldown: CapacityCooldown;

  constructor(private readonly knobs: AwsTargetTrackingKnobs) {
    this.load = new LoadDatapoints(Math.max(knobs.scaleOutDatapoints, knobs.scaleInDatapoints));
    this.cooldown = new CapacityCooldown(knobs.scaleOutCooldownMs, knobs.scaleInCooldownMs);
  }

  decide(pool: PoolObservation, nowMs: number): AwsDecision {
    const { knobs, load } = this;
    load.update(pool);
    const current = pool.desired;
    const metric = load.newestFirst[0];
    if (metric === undefined) return { desired: current, reason: "missing-data" };
    const details = { metric };
    if (load.all(knobs.scaleOutDatapoints, (value) => value > knobs.targetUtilisation))
      return { details, ...this.scaleOut(pool, current, metric, nowMs) };
    const lowThreshold = knobs.targetUtilisation * (1 - knobs.scaleInMargin);
    if (!knobs.disableScaleIn && load.all(knobs.scaleInDatapoints, (value) => value < lowThreshold))
      return { details, ...this.scaleIn(pool, current, metric, nowMs) };
    return { desired: current, reason: "no-alarm", details };
  }

  private scaleOut(pool: PoolObservation, current: number, metric: number, nowMs: number): AwsDecision {
    const wanted = Math.ceil((this.cooldown.base(current, nowMs) * metric) / this.knobs.targetUtilisation);
    const desired = Math.min(wanted, pool.max);
    if (desired <= current) return { desired: current, reason: current >= pool.max ? "at-max" : "scale-out-cooldown" };
    this.cooldown.scaledOut(current, nowMs);
    return { desired, reason: "high-alarm" };
  }

  private scaleIn(pool: PoolObservation, current: number, metric: number, nowMs: number): AwsDecision {
    const wanted = Math.ceil((current * metric) / this.knobs.targetUtilisation);
    const desired = Math.max(wanted, pool.min);
    if (desired >= current) return { desired: current, reason: current <= pool.min ? "at-min" : "no-alarm" };
    if (this.cooldown.isIn(nowMs)) return { desired: current, reason: "scale-in-cooldown" };
    this.cooldown.scaledIn(nowMs);
    return { desired, reason: "low-alarm" };
  }
}
