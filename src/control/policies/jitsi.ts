import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../ports/policy.js";
import { LoadDatapoints } from "./load-datapoints.js";
import { ReplicaCohorts } from "./replica-cohorts.js";

export interface JitsiKnobs {
  /**
   * Mean stress (open streams / slots) from which a period breaches upwards, and below which it
   * breaches downwards.
   */
  readonly scaleUpThreshold: number;
  readonly scaleDownThreshold: number;
  readonly scaleUpQuantity: number;
  readonly scaleDownQuantity: number;
  readonly scaleUpPeriodsCount: number;
  readonly scaleDownPeriodsCount: number;
  /** gracePeriodTTLSec, in ms: no adjustment for this long after one. */
  readonly gracePeriodMs: number;
  /** PROVISIONING_TTL_SEC, in ms: a launch that takes longer is cancelled and replaced. */
  readonly provisioningTtlMs: number;
}

/**
 * The values of jitsi-autoscaler's own configuration and tests for JVB groups (src/config.ts,
 * src/test/autoscaler.ts).
 */
export const defaultJitsiKnobs: JitsiKnobs = {
  scaleUpThreshold: 0.8,
  scaleDownThreshold: 0.3,
  scaleUpQuantity: 1,
  scaleDownQuantity: 1,
  scaleUpPeriodsCount: 2,
  scaleDownPeriodsCount: 4,
  gracePeriodMs: 480_000,
  provisioningTtlMs: 900_000,
};

export const jitsiReasons = [
  "stress-high",
  "stress-low",
  "below-min",
  "stress-between",
  "grace-period",
  "waiting-for-launches",
  "no-instances",
  "no-metrics",
] as const;
type JitsiReason = (typeof jitsiReasons)[number];
type JitsiDecision = PoolDecision & { readonly reason: JitsiReason };

/**
 * The Jitsi autoscaler (jitsi/jitsi-autoscaler src/autoscaler.ts, JVB groups), in use for media
 * bridges. Every period of 60 s: one up if the mean stress breached in each of the last 2 periods,
 * one down if in each of the last 4. A group with launches under way waits, and a grace period
 * follows each change. Two differences: upstream counts an instance that stops reporting for
 * IDLE_TTL_SEC = 300 s more, while Headrace's manager sees a crash at once and replaces it; and
 * upstream counts a period without data as 0, which can shrink the group, while here the group
 * stays as it is.
 */
export function createJitsi(knobs: JitsiKnobs, context: PolicyContext): Policy {
  const groups = context.pools.map(() => new InstanceGroup(knobs));
  return {
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      return observation.pools.map((pool, i) => groups[i].decide(pool, nowMs));
    },
  };
}

/** One pool is one group. */
class InstanceGroup {
  private readonly stress: LoadDatapoints;
  private readonly cohorts: ReplicaCohorts;
  private desiredCount: number | undefined;
  private graceUntilMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly knobs: JitsiKnobs) {
    this.stress = new LoadDatapoints(Math.max(knobs.scaleUpPeriodsCount, knobs.scaleDownPeriodsCount));
    this.cohorts = new ReplicaCohorts(knobs.provisioningTtlMs);
  }

  decide(pool: PoolObservation, nowMs: number): JitsiDecision {
    this.stress.update(pool);
    this.cohorts.update(pool, nowMs);
    const desired = this.desiredCount ?? pool.desired;
    const givenUp = this.cohorts.spawningSince(nowMs - this.knobs.provisioningTtlMs);
    const count = pool.ready + pool.spawning - givenUp;
    const { target, reason } = this.adjust(pool, desired, count, nowMs);
    if (target !== desired) this.graceUntilMs = nowMs + this.knobs.gracePeriodMs;
    this.desiredCount = target;
    return { desired: target + givenUp, reason, details: { count, desiredCount: target } };
  }

  private adjust(
    pool: PoolObservation,
    desired: number,
    count: number,
    nowMs: number,
  ): { readonly target: number; readonly reason: JitsiReason } {
    const { knobs, stress } = this;
    if (nowMs < this.graceUntilMs) return { target: desired, reason: "grace-period" };
    if (count === 0) return { target: Math.max(desired, pool.min), reason: "no-instances" };
    if (desired !== count) return { target: desired, reason: "waiting-for-launches" };
    if (stress.newestFirst[0] === undefined) return { target: desired, reason: "no-metrics" };
    const up = stress.all(knobs.scaleUpPeriodsCount, (value) => value >= knobs.scaleUpThreshold);
    const tooFew = count < pool.min;
    if (tooFew || (count < pool.max && up))
      return {
        target: Math.min(desired + knobs.scaleUpQuantity, pool.max),
        reason: tooFew ? "below-min" : "stress-high",
      };
    if (count > pool.min && stress.all(knobs.scaleDownPeriodsCount, (value) => value < knobs.scaleDownThreshold))
      return { target: Math.max(desired - knobs.scaleDownQuantity, pool.min), reason: "stress-low" };
    return { target: desired, reason: "stress-between" };
  }
}
