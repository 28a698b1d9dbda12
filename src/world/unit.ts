import type { PolicySpec } from "./scenario/policy-spec.js";
import type { Scenario } from "./scenario/scenario.js";

/**
 * The scenario as one policy meets it: with the policy's own unit of capacity (a VM of 400 slots in place of a streamlet of 8, say), its price, spawn time
 * and failures, where it was given one. Traffic is untouched: all units meet the same arrivals.
 */
export function withUnit(scenario: Scenario, policy: PolicySpec): Scenario {
  const { unit } = policy;
  if (unit === undefined) return scenario;
  const { streamletHour, streamletMtbfMs, ...caps } = unit;
  return {
    ...scenario,
    fleet: {
      ...scenario.fleet,
      classes: scenario.fleet.classes.map((one) => ({ ...one, ...caps, weight: caps.slots })),
    },
    faults: streamletMtbfMs === undefined ? scenario.faults : { ...scenario.faults, streamletMtbfMs },
    cost:
      streamletHour === undefined || scenario.cost === undefined ? scenario.cost : { ...scenario.cost, streamletHour },
  };
}
