import { builtInPolicies } from "../../control/policies/registry.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import type { PlainValue } from "../../world/scenario/schema/value-range.js";
import { stepsOf } from "../scenario-path.js";
import { knobOrder } from "./knob-order.js";
import { size } from "./size.js";
import { orderedVariable, type Variable } from "./variable.js";

/** Counts and hosts are looked for in at most this many steps. */
const MOST_STEPS = 60;

/**
 * The plan's variables if the user names none: each policy's knob, and the hosts of each region
 * with a price.
 */
export function defaultVariables(scenario: Scenario, document: unknown): Variable[] {
  const wanted: { readonly path: string; readonly values: readonly PlainValue[] }[] = [];
  const sizing = size(scenario);
  scenario.policies.forEach((policy, i) => {
    const peak = Math.max(...sizing.pools.map(({ slots, streamlets }) => (slots === 0 ? 1 : streamlets.estimated)));
    const found = knobOf(policy, peak);
    if (found !== undefined) wanted.push({ path: `policies.${i}.${found.key}`, values: found.values });
  });
  if ((scenario.cost?.hostHour ?? 0) > 0) {
    scenario.fleet.regions.forEach((region, r) => {
      if (region.hosts === undefined || region.hosts.elastic !== undefined) return;
      const most = Math.max(region.hosts.count, Math.ceil(1.5 * (sizing.hosts[r]?.estimated ?? 1))) + 1;
      wanted.push({ path: `fleet.regions.${region.name}.hosts`, values: counts(1, most) });
    });
  }
  return wanted.map(({ path, values }) => {
    const steps = stepsOf(document, path, "plan");
    return orderedVariable({ path, steps, order: knobOrder(steps), values });
  });
}

function knobOf(
  policy: PolicySpec,
  peak: number,
): { readonly key: string; readonly values: readonly PlainValue[] } | undefined {
  const planned = builtInPolicies.get(policy.kind)?.planned;
  if (planned === undefined || planned.unless.some((key) => policy.knobs[key] !== undefined)) return undefined;
  const { key, values } = planned;
  if (values !== "counts") return { key, values };
  const around = counts(Math.max(1, Math.floor(0.6 * peak)), Math.ceil(1.5 * peak) + 2);
  return { key, values: around.filter((count) => Number(count) <= policy.max) };
}

function counts(from: number, to: number): PlainValue[] {
  const step = Math.max(1, Math.ceil((to - from) / MOST_STEPS));
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}
