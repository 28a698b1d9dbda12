import { parseInstant } from "../../base/calendar.js";
import { distributionOf } from "../../base/distribution.js";
import { hashText } from "../../base/hash.js";
import { checkScenario } from "./check.js";
import { idleKeys } from "./key-rules.js";
import { normaliseInner, normalisePolicies, type PolicySetting } from "./normalise-policy.js";
import { type TrafficNames, trafficNames, writtenSeries } from "./normalise-series.js";
import { placeTrace } from "./normalise-trace.js";
import type { Resources } from "./resources.js";
import type { Scenario } from "./scenario.js";
import { hashScenario } from "./scenario-hash.js";
import type { WrittenScenario } from "./schema/document.js";
import type { ScenarioFault } from "./schema/issues.js";
import { balancerSection } from "./sections/balancer.js";
import { costSection } from "./sections/cost.js";
import { faultsSection } from "./sections/faults.js";
import { type FleetSpec, fleetFaults, normaliseFleet } from "./sections/fleet.js";
import { gatewaySection } from "./sections/gateway.js";
import { normaliseHosts } from "./sections/hosts.js";
import { reconnectSection } from "./sections/reconnect.js";
import { distanceFaults, distancesFrom } from "./sections/region.js";
import { routingSection } from "./sections/routing.js";
import { sloSection } from "./sections/slo.js";
import { streamsSection } from "./sections/streams.js";
import { syntheticSource, type TrafficSpec } from "./sections/traffic.js";

/**
 * Resolves every name and reads every distribution. `document` is the text before defaults.
 * Faults are pushed.
 */
export function normaliseScenario(
  written: WrittenScenario,
  document: unknown,
  resources: Resources,
  faults: ScenarioFault[],
): Scenario | undefined {
  const names = trafficNames(written, resources.trace);
  const setting = { fleet: written.fleet, resources, faults };
  const traffic = trafficOf(written, names, resources, faults);
  const fleet = fleetOf(written, names, setting);
  faults.push(...fleetFaults(fleet));
  const policies = normalisePolicies(written.policies, setting);
  const slo = sloSection.normalise(written.slo, faults);
  if (traffic === undefined || faults.length > 0) return undefined;
  const scenario: Scenario = {
    name: written.name,
    hash: "",
    seed: typeof written.seed === "number" ? written.seed : seedOf(written.seed),
    durationMs: written.duration,
    warmupMs: written.warmup,
    replications: written.replications,
    traffic,
    streams: streamsSection.normalise(written.streams, resources),
    reconnect: reconnectSection.normalise(written.reconnect ?? written.streams.reconnect),
    fleet,
    faults: faultsSection.normalise(written.faults, resources),
    gateway: gatewaySection.normalise(written.gateway),
    balancer: balancerSection.normalise(written.balancer, resources),
    routing: routingSection.normalise(written.routing, written.spillOver),
    policies,
    slo,
    cost: costSection.normalise(written.cost),
  };
  faults.push(...idleKeys(scenario, document));
  faults.push(...checkScenario(scenario, distributionOf(scenario.streams.holding).mean));
  return faults.length > 0 ? undefined : { ...scenario, hash: hashScenario(scenario) };
}

function seedOf(text: string): number {
  return Number.parseInt(hashText(text).slice(0, 8), 16);
}

function trafficOf(
  { traffic, duration }: WrittenScenario,
  names: TrafficNames,
  resources: Resources,
  faults: ScenarioFault[],
): TrafficSpec | undefined {
  const series = writtenSeries(traffic, names, faults);
  if (traffic.source === "poisson" || traffic.source === "sinusoid") {
    const epochMs = parseInstant(traffic.epoch);
    return { ...names, epochMs, historyMs: traffic.history, series, source: syntheticSource(traffic) };
  }
  if (resources.trace === undefined) throw new Error(`the file of source ${traffic.source} was not read`);
  const placed = placeTrace(traffic, duration, resources.trace, names, faults);
  if (placed === undefined) return undefined;
  const { epochMs, historyMs, source } = placed;
  if (placed.series === undefined) return { ...names, epochMs, historyMs, series, source };
  const unused = traffic.mix === undefined ? {} : { isMixUnused: true as const };
  return { ...names, epochMs, historyMs, series: placed.series, source, ...unused };
}

function fleetOf({ fleet }: WrittenScenario, names: TrafficNames, setting: PolicySetting): FleetSpec {
  const written = fleet.regions ?? [];
  setting.faults.push(...distanceFaults(written, names.regions));
  const regions = names.regions.map((name, r) => {
    const region = written[r];
    const distanceMs = distancesFrom(r, names.regions, written);
    if (region === undefined) return { name, hosts: undefined, max: Number.POSITIVE_INFINITY, distanceMs };
    const path = ["fleet", "regions", r, "hosts"];
    const policyOf = (entry: { readonly kind: string }) => normaliseInner(entry, [...path, "policy"], setting);
    const hosts = normaliseHosts(region, { path, policyOf, ...setting });
    return { name, hosts, max: region.max, distanceMs };
  });
  return normaliseFleet(fleet, regions, names.formats, setting.resources);
}
