import type { z } from "../../../../base/zod.js";
import { likeHeadrace, type PolicyKind, type RunDefaults } from "../../../../control/policies/kinds/policy-kind.js";
import { builtInPolicies } from "../../../../control/policies/registry.js";
import { knobSchemas } from "./knob-schema.js";

/** The schema of a kind's knobs, its defaults for a run, and the check across its knobs. */
export interface PolicyKindSchema extends RunDefaults, Pick<PolicyKind, "check"> {
  readonly knobs: z.ZodRawShape;
}

/** The built-in policies that a scenario may name. */
export const policyKindSchemas: Readonly<Record<string, PolicyKindSchema>> = Object.fromEntries(
  [...builtInPolicies].map(([kind, { knobs, check, runs }]) => [
    kind,
    { knobs: knobSchemas(knobs), ...runs, ...(check === undefined ? {} : { check }) },
  ]),
);

/** The defaults of a user's module. It declares its own knobs. */
export const moduleDefaults: RunDefaults & Pick<PolicyKind, "check"> = {
  tickMs: 15_000,
  scrapeLagMs: 0,
  min: 1,
  scaleIn: likeHeadrace,
};
