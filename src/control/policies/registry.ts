import type { Policy, PolicyContext } from "../../ports/policy.js";
import { awsPredictiveKind, awsStepKind, awsTargetTrackingKind } from "./kinds/aws.js";
import { hpaKind } from "./kinds/hpa.js";
import { hybridKind } from "./kinds/hybrid.js";
import { jitsiKind } from "./kinds/jitsi.js";
import { kedaKind } from "./kinds/keda.js";
import type { Knobs } from "./kinds/knob.js";
import { withUnits } from "./kinds/knob-units.js";
import { kpaKind } from "./kinds/kpa.js";
import { onDemandKind } from "./kinds/on-demand.js";
import { phpaKind } from "./kinds/phpa.js";
import type { PolicyKind } from "./kinds/policy-kind.js";
import { lastValueKind, predictiveKind, seasonalNaiveKind } from "./kinds/predictive.js";
import { scheduleKind } from "./kinds/schedule.js";
import { squareRootKind } from "./kinds/square-root.js";
import { staticKind } from "./kinds/static.js";

/** Every built-in kind, in the order of docs and schemas: a new policy adds one entry. */
export const builtInPolicies: ReadonlyMap<string, PolicyKind> = new Map(
  [
    staticKind,
    scheduleKind,
    onDemandKind,
    hpaKind,
    kpaKind,
    kedaKind,
    awsTargetTrackingKind,
    awsStepKind,
    awsPredictiveKind,
    phpaKind,
    jitsiKind,
    squareRootKind,
    lastValueKind,
    seasonalNaiveKind,
    predictiveKind,
    hybridKind,
  ].map((one) => [one.kind, one]),
);

/** The names of the built-in kinds. */
export const policyKinds: readonly string[] = [...builtInPolicies.keys()];

/** The kinds that may stand on a hybrid's predictive floor, or scale hosts. */
export function kindsWithin(place: "hybrid" | "hosts"): string[] {
  return [...builtInPolicies.values()].filter(({ within }) => within.includes(place)).map(({ kind }) => kind);
}

export function isBuiltInPolicy(kind: string): boolean {
  return builtInPolicies.has(kind);
}

/**
 * A built-in policy by kind; its knobs were checked against the kind's schema, absent ones take the
 * kind's defaults.
 */
export function createBuiltInPolicy(kind: string, knobs: Knobs, context: PolicyContext): Policy {
  const found = builtInPolicies.get(kind);
  if (found === undefined) throw new Error(`there is no built-in policy ${kind}`);
  return found.create(withUnits(found.knobs, knobs), context, createBuiltInPolicy);
}
