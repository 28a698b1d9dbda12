import { canonicalJson, hashText } from "../../base/hash.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { worldParts } from "../../world/scenario/scenario-hash.js";

/**
 * 16 hex digits over the fixed part of a gate: traffic, streams, fleet, faults, SLO and prices.
 * Policies, balancer and routing may change: the gate judges that change. Names, the seed, the
 * number of replications and the places of files do not count.
 */
export function worldHash(scenario: Scenario): string {
  return hashText(canonicalJson(worldParts(scenario)));
}
