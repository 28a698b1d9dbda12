import { defaultAwsPredictiveKnobs } from "../../../../src/control/policies/aws-predictive.js";
import { defaultAwsStepKnobs } from "../../../../src/control/policies/aws-step.js";
import { defaultAwsTargetTrackingKnobs } from "../../../../src/control/policies/aws-target-tracking.js";
import { defaultJitsiKnobs } from "../../../../src/control/policies/jitsi.js";
import { defaultKpaKnobs } from "../../../../src/control/policies/kpa.js";
import { defaultOnDemandKnobs } from "../../../../src/control/policies/on-demand.js";
import { defaultPredictiveKnobs } from "../../../../src/control/policies/predictive/knobs.js";
import { defaultScheduleKnobs } from "../../../../src/control/policies/schedule.js";
import { defaultSquareRootKnobs } from "../../../../src/control/policies/square-root.js";

/** The defaults of the kinds whose policy has a default, or undefined, for every knob. */
export const ofKinds: Readonly<Record<string, object>> = {
  schedule: defaultScheduleKnobs,
  "on-demand": defaultOnDemandKnobs,
  kpa: defaultKpaKnobs,
  "aws-target-tracking": defaultAwsTargetTrackingKnobs,
  "aws-step": defaultAwsStepKnobs,
  "aws-predictive": defaultAwsPredictiveKnobs,
  jitsi: defaultJitsiKnobs,
  "square-root": defaultSquareRootKnobs,
  predictive: defaultPredictiveKnobs,
};
