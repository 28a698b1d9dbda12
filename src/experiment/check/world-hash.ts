import { canonicalJson, hashText } from "../../base/hash.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { worldParts } from "../../world/scenario/scenario-hash.js";

/**
 * 16 hex digits over the fixed part of a gate: traffic, streams, fleet, faults, SLO and prices.
 * It leaves out policies, balancer and routing, whose change the gate judges, and names, seed,
 * number of replications and file paths.
 */
export function worldHash(scenario: Scenario): string {
  return hashText(canonicalJson(worldParts(scenario)));
}
