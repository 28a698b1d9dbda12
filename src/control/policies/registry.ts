import type { Policy, PolicyContext } from "../../ports/policy.js";
import { createOnDemand, defaultOnDemandKnobs, type OnDemandKnobs } from "./on-demand.js";
import { createStatic, type StaticKnobs } from "./static.js";

/** A built-in policy by kind; the knobs have been checked against its schema. */
export function createBuiltInPolicy(kind: string, knobs: Readonly<Record<string, unknown>>, context: PolicyContext): Policy {
  switch (kind) {
    case "static":
      return createStatic(knobs as unknown as StaticKnobs);
    case "on-demand":
      return createOnDemand({ ...defaultOnDemandKnobs, ...(knobs as Partial<OnDemandKnobs>) }, context);
    default:
      throw new Error(`there is no policy of kind ${kind}`);
  }
}

export const policyKinds = ["static", "on-demand"] as const;

export function isBuiltInPolicy(kind: string): boolean {
  return (policyKinds as readonly string[]).includes(kind);
}
