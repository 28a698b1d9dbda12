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

export type AdjustmentType = "ChangeInCapacity" | "PercentChangeInCapacity" | "ExactCapacity";

/**
 * One band of a breach. Bounds are differences between the metric (a share of 1) and the alarm's
 * threshold; left out = open.
 */
export interface StepBand {
  readonly lower?: number;
  readonly upper?: number;
  readonly adjustment: number;
}

/** One step policy with its alarm. */
interface StepPolicy {
  /** The alarm fires at or above this utilisation (scale-out), or at or below it (scale-in). */
  readonly threshold: number;
  /** One-minute datapoints that must all breach. */
  readonly datapoints: number;
  readonly adjustmentType: AdjustmentType;
  readonly minAdjustmentMagnitude: number;
  /** In ms. */
  readonly cooldownMs: number;
  readonly steps: readonly StepBand[];
}

export interface AwsStepKnobs {
  readonly stepOut: StepPolicy;
  readonly stepIn: StepPolicy;
}

/**
 * AWS has no default steps. These follow the User Guide's example (10 % and 30 % in bands of 10
 * points; EC2 Auto Scaling User Guide, "Step and simple scaling policies"), with thresholds around
 * the usual 70 %. The cooldown of 300 s is the API's default (StepScalingPolicyConfiguration). One
 * datapoint is the default of a new alarm.
 */
export const defaultAwsStepKnobs: AwsStepKnobs = {
  stepOut: {
    threshold: 0.7,
    datapoints: 1,
    adjustmentType: "PercentChangeInCapacity",
    minAdjustmentMagnitude: 1,
    cooldownMs: 300_000,
    steps: [
      { lower: 0, upper: 0.1, adjustment: 10 },
      { lower: 0.1, adjustment: 30 },
    ],
  },
  stepIn: {
    threshold: 0.5,
    datapoints: 1,
    adjustmentType: "PercentChangeInCapacity",
    minAdjustmentMagnitude: 1,
    cooldownMs: 300_000,
    steps: [
      { lower: -0.1, upper: 0, adjustment: -10 },
      { upper: -0.1, adjustment: -30 },
    ],
  },
};

export const awsStepReasons = [
  "step-out",
  "step-in",
  "no-alarm",
  "warming-up",
  "scale-in-cooldown",
  "missing-data",
  "at-max",
  "at-min",
] as const;
type AwsStepReason = (typeof awsStepReasons)[number];
type StepDecision = PoolDecision & { readonly reason: AwsStepReason };

/**
 * AWS step scaling on utilisation, as CloudWatch's one-minute averages show it. During the cooldown
 * of a scale-out, the launched capacity counts as present: a larger step adds only the difference,
 * and there is no scale-in.
 */
export function createAwsStep(knobs: AwsStepKnobs, context: PolicyContext): Policy {
  const groups = context.pools.map(() => new StepScaling(knobs));
  return {
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      return observation.pools.map((pool, i) => groups[i].decide(pool, nowMs));
    },
  };
}

/**
 * Capacity after one adjustment. Percentages are rounded towards 0, but to at least 1 in size (12.7
 * → 12, 0.67 → 1, −0.58 → −1, −6.67 → −6). The minimum magnitude applies only to percentages.
 */
export function adjustedCapacity(
  capacity: number,
  adjustment: number,
  type: AdjustmentType,
  minMagnitude: number,
): number {
  if (type === "ExactCapacity") return adjustment;
  if (type === "ChangeInCapacity") return capacity + adjustment;
  const exact = (capacity * adjustment) / 100;
  const size = Math.max(1, Math.floor(Math.abs(exact)), minMagnitude);
  return capacity + Math.sign(adjustment) * size;
}

/** Differences of shares are compared to nine digits, so that 0.4 − 0.5 is the −0.1 of a band. */
const BREACH_DIGITS = 9;

/**
 * The band of a metric. Above the threshold a lower bound belongs to its band, below it an upper
 * bound does.
 */
export function bandOf(
  steps: readonly StepBand[],
  metric: number,
  threshold: number,
  above: boolean,
): StepBand | undefined {
  const breach = Number((metric - threshold).toFixed(BREACH_DIGITS));
  return steps.find(({ lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY }) =>
    above ? breach >= lower && breach < upper : breach > lower && breach <= upper,
  );
}

/** One pool is one scalable target with two alarms. */
class StepScaling {
  private readonly load: LoadDatapoints;
  private readonly cooldown: CapacityCooldown;

  constructor(private readonly knobs: AwsStepKnobs) {
    this.load = new LoadDatapoints(Math.max(knobs.stepOut.datapoints, knobs.stepIn.datapoints));
    this.cooldown = new CapacityCooldown(knobs.stepOut.cooldownMs, knobs.stepIn.cooldownMs);
  }

  decide(pool: PoolObservation, nowMs: number): StepDecision {
    const { load } = this;
    const { stepOut, stepIn } = this.knobs;
    load.update(pool);
    const current = pool.desired;
    const metric = load.newestFirst[0];
    if (metric === undefined) return { desired: current, reason: "missing-data" };
    const details = { metric };
    if (load.all(stepOut.datapoints, (value) => value >= stepOut.threshold))
      return { details, ...this.goOut(pool, current, metric, nowMs) };
    if (load.all(stepIn.datapoints, (value) => value <= stepIn.threshold))
      return { details, ...this.goIn(pool, current, metric, nowMs) };
    return { desired: current, reason: "no-alarm", details };
  }

  private goOut(pool: PoolObservation, current: number, metric: number, nowMs: number): StepDecision {
    const { threshold, adjustmentType, minAdjustmentMagnitude, steps } = this.knobs.stepOut;
    const band = bandOf(steps, metric, threshold, true);
    if (band === undefined) return { desired: current, reason: "no-alarm" };
    const base = this.cooldown.base(current, nowMs);
    const wanted = adjustedCapacity(base, band.adjustment, adjustmentType, minAdjustmentMagnitude);
    const desired = Math.min(wanted, pool.max);
    if (desired <= current) return { desired: current, reason: current >= pool.max ? "at-max" : "warming-up" };
    this.cooldown.scaledOut(current, nowMs);
    return { desired, reason: "step-out" };
  }

  private goIn(pool: PoolObservation, current: number, metric: number, nowMs: number): StepDecision {
    const { threshold, adjustmentType, minAdjustmentMagnitude, steps } = this.knobs.stepIn;
    const band = bandOf(steps, metric, threshold, false);
    if (band === undefined) return { desired: current, reason: "no-alarm" };
    if (this.cooldown.isOut(nowMs)) return { desired: current, reason: "warming-up" };
    if (this.cooldown.isIn(nowMs)) return { desired: current, reason: "scale-in-cooldown" };
    const wanted = adjustedCapacity(current, band.adjustment, adjustmentType, minAdjustmentMagnitude);
    const desired = Math.max(wanted, pool.min);
    if (desired >= current) return { desired: current, reason: "at-min" };
    this.cooldown.scaledIn(nowMs);
    return { desired, reason: "step-in" };
  }
}
