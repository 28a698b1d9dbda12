import { z } from "zod";
import { duration, positiveCount, positiveDuration } from "../quantity.js";
import { type KnobFault, likeAutoScalingGroup, type PolicyKindSchema } from "./common.js";

/** CloudWatch's averages of one minute, about a minute after it ended. */
const minutely = { tickMs: 60_000, scrapeLagMs: 60_000, min: 1, scaleIn: likeAutoScalingGroup };
const utilisation = z.number().gt(0).max(10);

export const awsTargetTrackingSchema: PolicyKindSchema = {
  knobs: {
    targetUtilisation: utilisation.optional(),
    scaleOutDatapoints: positiveCount.optional(),
    scaleInDatapoints: positiveCount.optional(),
    scaleInMargin: z.number().min(0).lt(1).optional(),
    scaleOutCooldown: duration.optional(),
    scaleInCooldown: duration.optional(),
    disableScaleIn: z.boolean().optional(),
  },
  ...minutely,
};

const band = z.strictObject({
  lower: z.number().optional(),
  upper: z.number().optional(),
  adjustment: z.number().int(),
});
const stepPolicy = z.strictObject({
  threshold: utilisation.optional(),
  datapoints: positiveCount.optional(),
  adjustmentType: z.enum(["ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"]).optional(),
  minAdjustmentMagnitude: positiveCount.optional(),
  cooldown: duration.optional(),
  steps: z.array(band).min(1).max(20).optional(),
});

interface WrittenStepPolicy {
  readonly threshold?: number;
  readonly steps?: readonly { readonly lower?: number; readonly upper?: number }[];
}

function checkSteps(knobs: Readonly<Record<string, unknown>>): KnobFault[] {
  const faults: KnobFault[] = [];
  const stepOut = (knobs.stepOut ?? {}) as WrittenStepPolicy;
  const stepIn = (knobs.stepIn ?? {}) as WrittenStepPolicy;
  if (stepOut.threshold !== undefined && stepIn.threshold !== undefined && stepIn.threshold >= stepOut.threshold) {
    faults.push({
      path: ["stepIn", "threshold"],
      got: `scale-in at ${stepIn.threshold}, scale-out at ${stepOut.threshold}`,
      expected: "scale-in below scale-out",
      remedy: "Both alarms would fire at once",
    });
  }
  for (const [key, policy] of Object.entries({ stepOut, stepIn })) {
    const steps = policy.steps ?? [];
    const bounds = steps.map(({ lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY }) => ({
      lower,
      upper,
    }));
    const wrong = bounds.findIndex(
      (one, i) =>
        one.lower >= one.upper ||
        bounds.some((other, j) => j < i && one.lower < other.upper && other.lower < one.upper),
    );
    if (wrong < 0) continue;
    faults.push({
      path: [key, "steps", wrong],
      got: "a band that is empty or overlaps another",
      expected: "bands side by side, lower < upper",
      remedy: "Bounds are differences to the threshold, such as {lower: 0, upper: 0.1, adjustment: 10}",
    });
  }
  return faults;
}

export const awsStepSchema: PolicyKindSchema = {
  knobs: { stepOut: stepPolicy.optional(), stepIn: stepPolicy.optional() },
  ...minutely,
  check: checkSteps,
};

export const awsPredictiveSchema: PolicyKindSchema = {
  knobs: {
    targetUtilisation: utilisation.optional(),
    schedulingBufferTime: duration.optional(),
    dynamic: z.enum(["target-tracking", "none"]).optional(),
    minHistory: duration.optional(),
    maxHistory: positiveDuration.optional(),
    forecastHorizon: positiveDuration.optional(),
    refresh: positiveDuration.optional(),
  },
  ...minutely,
};
