import { builtInPolicies } from "../../control/policies/registry.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";

/** The knob that decides how much capacity a policy buys, and values of it from least to most. */
export interface Aggressiveness {
  /** The name in tables: the knob, or its meaning. */
  readonly knob: string;
  readonly grid: readonly number[];
  /** The policy with the knob at `value`. `slots`: of one streamlet (the mean over classes). */
  apply(policy: PolicySpec, value: number, slots: number): PolicySpec;
}

/** The knob of a policy; undefined for a user's module, which is shown as a single point. */
export function aggressivenessOf({ kind, knobs }: Pick<PolicySpec, "kind" | "knobs">): Aggressiveness | undefined {
  const found = builtInPolicies.get(kind)?.aggressiveness(knobs);
  if (found === undefined) return undefined;
  const { knob, grid, apply } = found;
  return { knob, grid, apply: (policy, value, slots) => ({ ...policy, knobs: apply(policy.knobs, value, slots) }) };
}
