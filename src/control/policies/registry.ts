import type { Policy, PolicyContext } from "../../ports/policy.js";
import { createHpa, type HpaKnobs } from "./hpa.js";
import { createOnDemand, defaultOnDemandKnobs, type OnDemandKnobs } from "./on-demand.js";
import { createPredictive, defaultPredictiveKnobs, type PredictiveKnobs } from "./predictive.js";
import { createStatic, type StaticKnobs } from "./static.js";

type Knobs = Readonly<Record<string, unknown>>;

/** Each kind with its maker; the knobs were checked against the kind's schema, absent ones take the kind's defaults. */
const makers: Readonly<Record<string, (knobs: Knobs, context: PolicyContext) => Policy>> = {
  static: (knobs) => createStatic(knobs as unknown as StaticKnobs),
  "on-demand": (knobs, context) =>
    createOnDemand({ ...defaultOnDemandKnobs, ...(knobs as Partial<OnDemandKnobs>) }, context),
  hpa: (knobs, context) => createHpa(knobs as HpaKnobs, context),
  predictive: (knobs, context) =>
    createPredictive({ ...defaultPredictiveKnobs, ...(knobs as Partial<PredictiveKnobs>) }, context),
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
