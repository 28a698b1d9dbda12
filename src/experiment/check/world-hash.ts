import { canonicalJson, hashText } from "../../base/hash.js";
import type { Scenario } from "../../world/scenario/scenario.js";

/**
 * 16 hex digits over what a gate holds fixed: traffic, streams, fleet, faults, SLO and prices. Who
 * decides (policies, balancer, routing) may change: that change is what the gate judges. Names, the
 * seed, the number of replications and where files lie do not enter.
 */
export function worldHash(scenario: Scenario): string {
  const { name, hash, seed, replications, policies, balancer, routing, traffic, ...world } = scenario;
  void [name, hash, seed, replications, policies, balancer, routing];
  const { source } = traffic;
  const placeless = source.kind === "trace" ? { ...source, file: "" } : source;
  return hashText(canonicalJson({ ...world, traffic: { ...traffic, source: placeless } }));
}
