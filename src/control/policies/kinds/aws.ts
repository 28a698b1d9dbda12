import { awsPredictiveReasons, createAwsPredictive, defaultAwsPredictiveKnobs } from "../aws-predictive.js";
import { type AwsStepKnobs, awsStepReasons, createAwsStep, defaultAwsStepKnobs } from "../aws-step.js";
import {
  awsTargetTrackingReasons,
  createAwsTargetTracking,
  defaultAwsTargetTrackingKnobs,
} from "../aws-target-tracking.js";
import { byUtilisation, plannedUtilisation, utilisations, withKnobs } from "./aggressiveness.js";
import { described, type Knobs, list, object, optional, optionals, ordered } from "./knob.js";
import { choice, duration, flag, number, positiveCount, positiveDuration } from "./knob-values.js";
import { type KnobFault, likeAutoScalingGroup, over, type PolicyKind } from "./policy-kind.js";

/** CloudWatch's averages of one minute, about a minute after it ended. */
const minutely = { tickMs: 60_000, scrapeLagMs: 60_000, min: 1, scaleIn: likeAutoScalingGroup };
const utilisation = number({ above: 0, most: 10 });

export const awsTargetTrackingKind: PolicyKind = {
  kind: "aws-target-tracking",
  create: over(defaultAwsTargetTrackingKnobs, createAwsTargetTracking),
  knobs: optionals({
    targetUtilisation: described("Open streams per slot at which the policy aims.", ordered("falling", utilisation)),
    scaleOutDatapoints: described("Minutes in a row above the target before it scales out.", positiveCount),
    scaleInDatapoints: described(
      "Minutes in a row below the target less scaleInMargin before it scales in.",
      positiveCount,
    ),
    scaleInMargin: described(
      "Distance below the target from which it scales in, as a share of the target.",
      number({ least: 0, below: 1 }),
    ),
    scaleOutCooldown: described("Time after scaling out in which only more may follow.", duration),
    scaleInCooldown: described("Time after scaling in before it may scale in again.", duration),
    disableScaleIn: described("Never scales in.", flag),
  }),
  runs: minutely,
  reasons: awsTargetTrackingReasons,
  aggressiveness: byUtilisation(),
  planned: plannedUtilisation(),
  within: ["hybrid"],
  docs: {
    imitates: "AWS target tracking",
    source: "Application Auto Scaling User Guide",
    constants: "target 70 % (ours); out after 3, in after 15 datapoints of 1 min, 10 % below; cooldowns 300 s",
    decides: "every 60 s",
    metricsAge: "60 s",
  },
};

const band = object({
  lower: described("Lower bound of the band, as a difference from the threshold.", optional(number())),
  upper: described("Upper bound of the band, as a difference from the threshold.", optional(number())),
  adjustment: described("The change within this band.", number({ whole: true })),
});
const stepPolicy = object(
  optionals({
    threshold: described("Utilisation from which the alarm fires.", utilisation),
    datapoints: described("Minutes in a row that must breach.", positiveCount),
    adjustmentType: described(
      "Whether an adjustment is a number, per cent, or the new size itself.",
      choice("ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity"),
    ),
    minAdjustmentMagnitude: described("Smallest change where adjustments are per cent.", positiveCount),
    cooldown: described("Time after a step before the next.", duration),
    steps: described("Bands of the breach, each with its adjustment.", list(band, 1, 20)),
  }),
);

interface WrittenStepPolicy {
  readonly threshold?: number;
  readonly steps?: readonly { readonly lower?: number; readonly upper?: number }[];
}

function checkSteps(knobs: Knobs): KnobFault[] {
  const stepOut = (knobs.stepOut ?? {}) as WrittenStepPolicy;
  const stepIn = (knobs.stepIn ?? {}) as WrittenStepPolicy;
  const faults = [...bandFaults("stepOut", stepOut), ...bandFaults("stepIn", stepIn)];
  if (stepOut.threshold === undefined || stepIn.threshold === undefined || stepIn.threshold < stepOut.threshold)
    return faults;
  return [
    {
      path: ["stepIn", "threshold"],
      got: `scale-in at ${stepIn.threshold}, scale-out at ${stepOut.threshold}`,
      expected: "scale-in below scale-out",
      remedy: "Both alarms would fire at once",
    },
    ...faults,
  ];
}

function bandFaults(key: string, { steps = [] }: WrittenStepPolicy): KnobFault[] {
  const bounds = steps.map(({ lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY }) => ({
    lower,
    upper,
  }));
  const wrong = bounds.findIndex(
    (one, i) =>
      one.lower >= one.upper || bounds.some((other, j) => j < i && one.lower < other.upper && other.lower < one.upper),
  );
  if (wrong < 0) return [];
  return [
    {
      path: [key, "steps", wrong],
      got: "a band that is empty or overlaps another",
      expected: "bands side by side, lower < upper",
      remedy: "Bounds are differences to the threshold, such as {lower: 0, upper: 0.1, adjustment: 10}",
    },
  ];
}

/** Each of the two step policies over its defaults. */
function withDefaults(knobs: Knobs): AwsStepKnobs {
  const { stepOut, stepIn } = knobs as Partial<AwsStepKnobs>;
  return {
    stepOut: { ...defaultAwsStepKnobs.stepOut, ...stepOut },
    stepIn: { ...defaultAwsStepKnobs.stepIn, ...stepIn },
  };
}

export const awsStepKind: PolicyKind = {
  kind: "aws-step",
  create: (knobs, context) => createAwsStep(withDefaults(knobs), context),
  knobs: optionals({
    stepOut: described("The alarm and the steps that add streamlets.", stepPolicy),
    stepIn: described("The alarm and the steps that remove streamlets.", stepPolicy),
  }),
  check: checkSteps,
  runs: minutely,
  reasons: awsStepReasons,
  aggressiveness: () => ({
    knob: "scale-out threshold",
    grid: utilisations,
    apply(knobs, value) {
      const { stepOut, stepIn } = knobs as Readonly<Record<string, object | undefined>>;
      // The distance between the two alarms stays that of the defaults: 0.7 and 0.5.
      return withKnobs(knobs, {
        stepOut: { ...stepOut, threshold: value },
        stepIn: { ...stepIn, threshold: (value * 5) / 7 },
      });
    },
  }),
  within: ["hybrid"],
  docs: {
    imitates: "AWS step scaling",
    source: "Application and EC2 Auto Scaling User Guides",
    constants:
      "no defaults upstream; ours: out from 70 % by 10 % or 30 %, in from 50 % likewise, 1 datapoint; cooldown 300 s",
    decides: "every 60 s",
    metricsAge: "60 s",
  },
};

export const awsPredictiveKind: PolicyKind = {
  kind: "aws-predictive",
  create: over(defaultAwsPredictiveKnobs, createAwsPredictive),
  knobs: optionals({
    targetUtilisation: described("Open streams per slot that the forecast aims at.", ordered("falling", utilisation)),
    schedulingBufferTime: described("How long before its hour capacity is launched.", duration),
    dynamic: described(
      "The dynamic policy beside the forecast; the larger number counts.",
      choice("target-tracking", "none"),
    ),
    minHistory: described("History without which there is no forecast.", duration),
    maxHistory: described("Most history that the forecast uses.", positiveDuration),
    forecastHorizon: described("How far ahead it forecasts.", positiveDuration),
    refresh: described("Time between two forecasts.", positiveDuration),
  }),
  runs: minutely,
  looksAtHolding: true,
  reasons: awsPredictiveReasons,
  caveat:
    "its forecast is a stand-in (the mean of each hour of the week): Amazon does " +
    "not disclose its model, and these results say nothing of how well it forecasts",
  aggressiveness: byUtilisation(),
  planned: plannedUtilisation(),
  within: [],
  docs: {
    imitates:
      "AWS predictive scaling, **with a stand-in for its undisclosed forecast** (mean of each hour of the week)",
    source: "EC2 Auto Scaling User Guide",
    constants:
      "≥ 24 h and ≤ 14 d of history, 48 h ahead, every 6 h, 300 s early, out only; by maximum with target tracking",
    decides: "every 60 s",
    metricsAge: "60 s",
  },
};
