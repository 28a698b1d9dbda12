import { canonicalJson, hashText } from "../../base/hash.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { worldParts } from "../../world/scenario/scenario-hash.js";

/**
 * 16 hex digits over what a gate holds fixed: traffic, streams, fleet, faults, SLO and prices. Who
 * decides (policies, balancer, routing) may change: that change is what the gate judges. Names, the
 * seed, the number of replications and where files lie do not enter.
 */
export function worldHash(scenario: Scenario): string {
  return hashText(canonicalJson(worldParts(scenario)));
}
