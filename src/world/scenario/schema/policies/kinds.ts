import { awsPredictiveSchema, awsStepSchema, awsTargetTrackingSchema } from "./aws.js";
import type { PolicyKindSchema } from "./common.js";
import { likeHeadrace } from "./common.js";
import { hpaSchema } from "./hpa.js";
import { hybridSchema } from "./hybrid.js";
import { jitsiSchema } from "./jitsi.js";
import { kedaSchema } from "./keda.js";
import { kpaSchema } from "./kpa.js";
import { onDemandSchema } from "./on-demand.js";
import { phpaSchema } from "./phpa.js";
import { predictiveSchema } from "./predictive.js";
import { scheduleSchema } from "./schedule.js";
import { squareRootSchema } from "./square-root.js";
import { staticSchema } from "./static.js";

/** A predictive policy whose forecaster is its name. */
const { forecaster: _forecaster, challengers: _challengers, ...knobsButForecaster } = predictiveSchema.knobs;
const fixedForecaster: PolicyKindSchema = { ...predictiveSchema, knobs: knobsButForecaster };

/** The built-in policies that a scenario may name. */
export const policyKindSchemas: Readonly<Record<string, PolicyKindSchema>> = {
  static: staticSchema,
  schedule: scheduleSchema,
  "on-demand": onDemandSchema,
  hpa: hpaSchema,
  kpa: kpaSchema,
  keda: kedaSchema,
  "aws-target-tracking": awsTargetTrackingSchema,
  "aws-step": awsStepSchema,
  "aws-predictive": awsPredictiveSchema,
  phpa: phpaSchema,
  jitsi: jitsiSchema,
  "square-root": squareRootSchema,
  "last-value": fixedForecaster,
  "seasonal-naive": fixedForecaster,
  predictive: predictiveSchema,
  hybrid: hybridSchema,
};

/** How a user's module runs unless told otherwise; its knobs are its own affair. */
export const moduleDefaults: Omit<PolicyKindSchema, "knobs"> = {
  tickMs: 15_000,
  scrapeLagMs: 0,
  min: 1,
  scaleIn: likeHeadrace,
};
