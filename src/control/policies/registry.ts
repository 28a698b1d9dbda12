import type { Policy, PolicyContext } from "../../ports/policy.js";
import { createAwsPredictive, defaultAwsPredictiveKnobs } from "./aws-predictive.js";
import { type AwsStepKnobs, createAwsStep, defaultAwsStepKnobs } from "./aws-step.js";
import { createAwsTargetTracking, defaultAwsTargetTrackingKnobs } from "./aws-target-tracking.js";
import { createHpa, type HpaKnobs } from "./hpa.js";
import { createHybrid } from "./hybrid.js";
import { createJitsi, defaultJitsiKnobs } from "./jitsi.js";
import { createKeda, defaultKedaKnobs, defaultKedaTrigger } from "./keda.js";
import type { KedaTrigger } from "./keda-triggers.js";
import { createKpa, defaultKpaKnobs } from "./kpa.js";
import { createOnDemand, defaultOnDemandKnobs } from "./on-demand.js";
import { createPhpa, defaultHoltWintersModel, defaultLinearModel, defaultPhpaKnobs, type PhpaModel } from "./phpa.js";
import { createPredictive, defaultPredictiveKnobs } from "./predictive/predictive.js";
import { createSchedule, defaultScheduleKnobs } from "./schedule.js";
import { createSquareRoot, defaultSquareRootKnobs } from "./square-root.js";
import { createStatic, type StaticKnobs } from "./static.js";

type Knobs = Readonly<Record<string, unknown>>;
type Maker = (knobs: Knobs, context: PolicyContext) => Policy;

/** A maker whose knobs lie over the kind's defaults. */
function over<K extends object>(defaults: K, create: (knobs: K, context: PolicyContext) => Policy): Maker {
  return (knobs, context) => create({ ...defaults, ...(knobs as Partial<K>) }, context);
}

/** Each kind with its maker; the knobs were checked against the kind's schema, absent ones take the kind's defaults. */
const makers: Readonly<Record<string, Maker>> = {
  static: (knobs) => createStatic(knobs as unknown as StaticKnobs),
  schedule: over(defaultScheduleKnobs, createSchedule),
  "on-demand": over(defaultOnDemandKnobs, createOnDemand),
  hpa: (knobs, context) => createHpa(knobs as HpaKnobs, context),
  kpa: over(defaultKpaKnobs, createKpa),
  keda: (knobs, context) => over(defaultKedaKnobs, createKeda)(withTriggers(knobs), context),
  "aws-target-tracking": over(defaultAwsTargetTrackingKnobs, createAwsTargetTracking),
  "aws-step": (knobs, context) => createAwsStep(stepKnobs(knobs), context),
  "aws-predictive": over(defaultAwsPredictiveKnobs, createAwsPredictive),
  phpa: (knobs, context) => over(defaultPhpaKnobs, createPhpa)(withModels(knobs), context),
  jitsi: over(defaultJitsiKnobs, createJitsi),
  "square-root": over(defaultSquareRootKnobs, createSquareRoot),
  "last-value": over({ ...defaultPredictiveKnobs, forecaster: "last-value", sharing: false }, createPredictive),
  "seasonal-naive": over({ ...defaultPredictiveKnobs, forecaster: "seasonal-naive", sharing: false }, createPredictive),
  predictive: over(defaultPredictiveKnobs, createPredictive),
  hybrid: makeHybrid,
};

/** The kinds that need no module. */
export const policyKinds: readonly string[] = Object.keys(makers);

export function isBuiltInPolicy(kind: string): boolean {
  return Object.hasOwn(makers, kind);
}

/** A built-in policy by kind. */
export function createBuiltInPolicy(kind: string, knobs: Knobs, context: PolicyContext): Policy {
  return makers[kind](knobs, context);
}

function makeHybrid(knobs: Knobs, context: PolicyContext): Policy {
  const { reactive, ...floorKnobs } = knobs;
  const {
    kind,
    tickMs,
    scrapeLagMs,
    knobs: inner,
  } = reactive as {
    readonly kind: string;
    readonly tickMs: number;
    readonly scrapeLagMs: number;
    readonly knobs: Knobs;
  };
  const floor = createBuiltInPolicy("predictive", floorKnobs, context);
  const policy = createBuiltInPolicy(kind, inner, { ...context, tickMs });
  return createHybrid(floor, { policy, tickMs, scrapeLagMs });
}

function withTriggers(knobs: Knobs): Knobs {
  if (knobs.triggers === undefined) return knobs;
  const triggers = knobs.triggers as readonly Partial<KedaTrigger>[];
  const isMetric = ({ type = "metric" }: Partial<KedaTrigger>): boolean => type === "metric";
  return {
    ...knobs,
    triggers: triggers.map((trigger) => (isMetric(trigger) ? { ...defaultKedaTrigger, ...trigger } : trigger)),
  };
}

function withModels(knobs: Knobs): Knobs {
  if (knobs.models === undefined) return knobs;
  const models = knobs.models as readonly PhpaModel[];
  return {
    ...knobs,
    models: models.map((model) =>
      model.type === "linear" ? { ...defaultLinearModel, ...model } : { ...defaultHoltWintersModel, ...model },
    ),
  };
}

function stepKnobs(knobs: Knobs): AwsStepKnobs {
  const { stepOut, stepIn } = knobs as Partial<AwsStepKnobs>;
  return {
    stepOut: { ...defaultAwsStepKnobs.stepOut, ...stepOut },
    stepIn: { ...defaultAwsStepKnobs.stepIn, ...stepIn },
  };
}
