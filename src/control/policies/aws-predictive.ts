import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../ports/policy.js";
import {
  type AwsTargetTrackingKnobs,
  awsTargetTrackingReasons,
  defaultAwsTargetTrackingKnobs,
  TargetTracking,
} from "./aws-target-tracking.js";
import { HourOfWeekProfile } from "./hour-of-week.js";

export interface AwsPredictiveKnobs {
  /** Open streams / slots that the forecast is to give. */
  readonly targetUtilisation: number;
  /** How long before its hour capacity is launched (ms). */
  readonly schedulingBufferTimeMs: number;
  /** The dynamic policy that it is combined with by maximum; "none": it only ever scales out. */
  readonly dynamic: "target-tracking" | "none";
  /** History that is needed, and that is used at most (ms). */
  readonly minHistoryMs: number;
  readonly maxHistoryMs: number;
  readonly forecastHorizonMs: number;
  readonly refreshMs: number;
}

/**
 * AWS's documented constants: at least 24 h of history, at most 14 days, an hourly forecast for 48
 * h, refreshed every 6 h, 300 s of buffer, the maximum honoured (EC2 Auto Scaling User Guide, "How
 * predictive scaling works"; API PredictiveScalingConfiguration). The target is Headrace's.
 */
export const defaultAwsPredictiveKnobs: AwsPredictiveKnobs = {
  targetUtilisation: 0.7,
  schedulingBufferTimeMs: 300_000,
  dynamic: "target-tracking",
  minHistoryMs: 86_400_000,
  maxHistoryMs: 1_209_600_000,
  forecastHorizonMs: 172_800_000,
  refreshMs: 21_600_000,
};

const HOUR_MS = 3_600_000;

/**
 * Each reason names the model as a stand-in. The dynamic policy's reasons follow if it asks for
 * more, or if there is no forecast.
 */
export const awsPredictiveReasons = [
  "stand-in forecast (hour of week)",
  "stand-in forecast is lower: no change",
  "stand-in forecast lacks history: no change",
  ...awsTargetTrackingReasons.map((reason) => `stand-in forecast is lower: ${reason}` as const),
  ...awsTargetTrackingReasons.map((reason) => `stand-in forecast lacks history: ${reason}` as const),
] as const;
type AwsPredictiveReason = (typeof awsPredictiveReasons)[number];
type AwsPredictiveDecision = PoolDecision & { readonly reason: AwsPredictiveReason };

/**
 * AWS predictive scaling with a stand-in for its forecast. Amazon does not disclose its model; the
 * mean of each hour of the week takes its place. So results do not show how well Amazon's own model
 * forecasts. As documented: when it forecasts, from how much history and for how long; capacity is
 * ready SchedulingBufferTime before its hour; it only scales out, and the larger of it and a
 * dynamic policy (target tracking) counts. Forecast arrivals become open streams by the mean
 * holding time (Little).
 */
export function createAwsPredictive(knobs: AwsPredictiveKnobs, context: PolicyContext): Policy {
  const tracking: AwsTargetTrackingKnobs = {
    ...defaultAwsTargetTrackingKnobs,
    targetUtilisation: knobs.targetUtilisation,
  };
  const groups = context.pools.map((_, i) => new PredictiveScaling(knobs, i, new TargetTracking(tracking)));
  return {
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      return observation.pools.map((pool, i) => groups[i].decide(observation, pool, nowMs));
    },
  };
}

/** One pool is one Auto Scaling group. */
class PredictiveScaling {
  /** Capacity per hour, the first of them `firstHour` hours since 1970. */
  private capacities: readonly number[] = [];
  private firstHour = 0;
  private refreshedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly knobs: AwsPredictiveKnobs,
    private readonly index: number,
    private readonly tracking: TargetTracking,
  ) {}

  decide(observation: FleetObservation, pool: PoolObservation, nowMs: number): AwsPredictiveDecision {
    if (nowMs - this.refreshedAtMs >= this.knobs.refreshMs) this.forecast(observation, pool, nowMs);
    const wallMs = observation.history.epochMs + nowMs;
    const now = Math.floor(wallMs / HOUR_MS);
    const soon = Math.floor((wallMs + this.knobs.schedulingBufferTimeMs) / HOUR_MS);
    const forecastCapacity = Math.min(Math.max(this.capacity(now), this.capacity(soon)), pool.max);
    const dynamic = this.knobs.dynamic === "none" ? undefined : this.tracking.decide(pool, nowMs);
    const other = dynamic?.desired ?? pool.desired;
    const details = { forecastCapacity };
    if (forecastCapacity > other)
      return { desired: forecastCapacity, reason: "stand-in forecast (hour of week)", details };
    const why = this.capacities.length === 0 ? "stand-in forecast lacks history" : "stand-in forecast is lower";
    return { desired: other, reason: `${why}: ${dynamic?.reason ?? "no change"}`, details };
  }

  private capacity(hour: number): number {
    return this.capacities[hour - this.firstHour] ?? 0;
  }

  private forecast(observation: FleetObservation, pool: PoolObservation, nowMs: number): void {
    const { history, holding } = observation;
    this.refreshedAtMs = nowMs;
    this.firstHour = Math.floor((history.epochMs + nowMs) / HOUR_MS);
    this.capacities = [];
    const profile = new HourOfWeekProfile(history, this.index, Math.floor(this.knobs.maxHistoryMs / HOUR_MS));
    if (profile.hours * HOUR_MS < this.knobs.minHistoryMs || !(holding.meanMs > 0)) return;
    const perStreamlet = this.knobs.targetUtilisation * pool.slots;
    const hours = Math.floor(this.knobs.forecastHorizonMs / HOUR_MS);
    this.capacities = Array.from({ length: hours }, (_, ahead) => {
      const load = (profile.arrivals(this.firstHour + ahead) * holding.meanMs) / HOUR_MS;
      return Number.isFinite(load) ? Math.ceil(load / perStreamlet) : 0;
    });
  }
}
