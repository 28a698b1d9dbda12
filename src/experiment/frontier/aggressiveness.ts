import { builtInPolicies } from "../../control/policies/registry.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";

/** The knob that decides how much a policy spends, and values of it from thrifty to generous. */
export interface Aggressiveness {
  /** The name in tables: the knob, or its meaning. */
  readonly knob: string;
  readonly grid: readonly number[];
  /** The policy with the knob at `value`. `slots`: of one streamlet (the mean over classes). */
  apply(policy: PolicySpec, value: number, slots: number): PolicySpec;
}

/**
 * The knob of a policy; undefined for a module of the user's, which is shown as the single point
 * that it is.
 */
export function aggressivenessOf({ kind, knobs }: Pick<PolicySpec, "kind" | "knobs">): Aggressiveness | undefined {
  const found = builtInPolicies.get(kind)?.aggressiveness(knobs);
  if (found === undefined) return undefined;
  const { knob, grid, apply } = found;
  return { knob, grid, apply: (policy, value, slots) => ({ ...policy, knobs: apply(policy.knobs, value, slots) }) };
}
