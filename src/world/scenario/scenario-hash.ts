import { canonicalJson, hashText } from "../../base/hash.js";
import type { PolicySpec } from "./policy-spec.js";
import type { Scenario } from "./scenario.js";
import { balancerSection } from "./sections/balancer.js";
import { costSection } from "./sections/cost.js";
import { faultsSection } from "./sections/faults.js";
import { type FleetSpec, plainFleet } from "./sections/fleet.js";
import { gatewaySection } from "./sections/gateway.js";
import { plainElastic, plainHosts } from "./sections/hosts.js";
import { reconnectSection } from "./sections/reconnect.js";
import { plainRegion } from "./sections/region.js";
import { routingSection } from "./sections/routing.js";
import { sloSection } from "./sections/slo.js";
import { plainStreamlet } from "./sections/streamlet.js";
import { streamsSection } from "./sections/streams.js";
import { trafficSection } from "./sections/traffic.js";

/**
 * Covers everything that affects a figure. Leaves out name, seed, currency and paths of files.
 */
export function hashScenario(scenario: Scenario): string {
  const { balancer, routing, policies } = scenario;
  return hashText(
    canonicalJson({
      ...worldParts(scenario),
      balancer: unlike(placeless(balancer), balancerSection.off),
      routing: unlike(routing, routingSection.off),
      policies: policies.map((policy) => unlike<Partial<PolicySpec>>(placeless(policy), { mode: "active" })),
    }),
  );
}

/**
 * The world of a scenario, without its policies, balancer and routing. Values that equal their
 * default are left out, so that a new key does not change the hash of a scenario without it.
 */
export function worldParts(scenario: Scenario): Readonly<Record<string, unknown>> {
  const { durationMs, warmupMs, traffic, streams, reconnect, fleet, faults, gateway, slo, cost } = scenario;
  const { source, isMixUnused: _unused, ...level } = traffic;
  const { currency: _currency, ...prices } = cost ?? { ...costSection.empty, currency: "" };
  return {
    durationMs,
    warmupMs,
    traffic: unlike(
      { ...level, source: source.kind === "trace" ? { ...source, file: "" } : source },
      trafficSection.off,
    ),
    streams: unlike(streams, streamsSection.off),
    reconnect: reconnect && unlike(reconnect, reconnectSection.empty),
    fleet: fleetParts(fleet),
    faults: unlike(faults, faultsSection.off),
    gateway: unlike(gateway, gatewaySection.off),
    slo: slo && unlike(slo, sloSection.empty),
    cost: cost && unlike(prices, costSection.empty),
  };
}

function fleetParts(fleet: FleetSpec): object {
  const regions = fleet.regions.map(({ hosts, ...region }) => ({
    ...unlike(region, plainRegion),
    ...(hosts && {
      hosts: {
        ...unlike(hosts, plainHosts),
        ...(hosts.elastic && { elastic: unlike(hosts.elastic, plainElastic) }),
      },
    }),
  }));
  return {
    ...unlike<Partial<FleetSpec>>(fleet, plainFleet),
    regions,
    classes: fleet.classes.map((one) => unlike(one, plainStreamlet)),
  };
}

/** The values that are not those of `defaults`. */
function unlike<T extends object>(value: T, defaults: Partial<T>): Partial<T> {
  const given = new Map(Object.entries(defaults));
  const kept = Object.entries(value).filter(
    ([key, one]) => !given.has(key) || canonicalJson(one) !== canonicalJson(given.get(key)),
  );
  return Object.fromEntries(kept) as Partial<T>;
}

/** A module by its file's name, in any folder. */
function placeless<T extends { readonly kind: string; readonly module?: string }>({ module: _, ...one }: T) {
  return { ...one, kind: one.kind.replace(/^.*[/\\]/, "") };
}
