import type { PolicySpec } from "./scenario/policy-spec.js";
import type { Scenario } from "./scenario/scenario.js";

/**
 * The scenario with the policy's own unit of capacity, if it has one: for example a VM of 400
 * slots in place of a streamlet of 8, with its price, spawn time and failures. The traffic is the
 * same for all units.
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
