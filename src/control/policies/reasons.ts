import { awsPredictiveReasons } from "./aws-predictive.js";
import { awsStepReasons } from "./aws-step.js";
import { awsTargetTrackingReasons } from "./aws-target-tracking.js";
import { hpaReasons } from "./hpa.js";
import { jitsiReasons } from "./jitsi.js";
import { kedaReasons } from "./keda.js";
import { kpaReasons } from "./kpa.js";
import { onDemandReasons } from "./on-demand.js";
import { phpaReasons } from "./phpa.js";
import { scheduleReasons } from "./schedule.js";
import { squareRootReasons } from "./square-root.js";
import { staticReasons } from "./static.js";

/**
 * The closed set of reasons of each kind that has one here; those of a hybrid are "floor: " before the predictive policy's and "reactive: " before its
 * reactive part's.
 */
export const policyReasons: Readonly<Record<string, readonly string[]>> = {
  static: staticReasons,
  schedule: scheduleReasons,
  "on-demand": onDemandReasons,
  hpa: hpaReasons,
  kpa: kpaReasons,
  keda: kedaReasons,
  "aws-target-tracking": awsTargetTrackingReasons,
  "aws-step": awsStepReasons,
  "aws-predictive": awsPredictiveReasons,
  phpa: phpaReasons,
  jitsi: jitsiReasons,
  "square-root": squareRootReasons,
};

/** What every report has to say beside the results of a kind that stands for something it cannot know. */
const policyCaveats: Readonly<Record<string, string>> = {
  "aws-predictive":
    "its forecast is a stand-in (the mean of each hour of the week): Amazon does not disclose its model, and these results say nothing of how well it forecasts",
};

/** One sentence for each policy that needs one: "NAME: caveat". */
export function caveatsOf(policies: readonly { readonly name: string; readonly kind: string }[]): string[] {
  return policies
    .filter(({ kind }) => Object.hasOwn(policyCaveats, kind))
    .map(({ name, kind }) => `${name}: ${policyCaveats[kind]}`);
}
