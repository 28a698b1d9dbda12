import { distributionOf, type Law } from "../../base/distribution.js";
import { InputError, type SourcePlace } from "../../base/errors.js";
import { closest } from "../../base/spelling.js";
import { builtInPolicies } from "../../control/policies/registry.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import type { WrittenFailure } from "../../world/scenario/schema/plan.js";
import type { FleetSpec } from "../../world/scenario/sections/fleet.js";
import { reclaimedHosts } from "./reclaim.js";

/** A failure that lasts all day: a world in which a plan is tried besides the ordinary one. */
export interface Failure {
  /** "one host of eu lost", as sentences have it. */
  readonly name: string;
  apply(scenario: Scenario): Scenario;
}

/**
 * The failures of one entry of `survive` or `whatIf`; "any region" is each region in turn. Throws
 * InputError for failures that the scenario cannot have.
 */
export function failuresOf(written: WrittenFailure, scenario: Scenario, where: SourcePlace): Failure[] {
  if ("hosts" in written) return lostHosts(scenario, written.hosts, where);
  if ("reclaim" in written)
    return [reclaimedHosts(scenario, { share: written.reclaim, noticeMs: written.notice ?? 0 }, where)];
  if ("region" in written) return lostRegions(scenario, written.region, where);
  if ("demand" in written) {
    const factor = factorOf(written.demand, "demand", where);
    return [{ name: `demand ${percentText(factor)}`, apply: (world) => withDemand(world, factor) }];
  }
  if ("spawn" in written) {
    const factor = factorOf(written.spawn, "spawn", where);
    checkSpawns(scenario, where);
    return [{ name: `spawns that take ${shown(factor)} times as long`, apply: (world) => withSpawns(world, factor) }];
  }
  return [withoutForecast(scenario, where)];
}

function lostHosts(scenario: Scenario, count: number, where: SourcePlace): Failure[] {
  const isFixed = ({ hosts }: FleetSpec["regions"][number]): boolean =>
    hosts !== undefined && hosts.elastic === undefined;
  const hit = scenario.fleet.regions.flatMap((region, r) => (isFixed(region) ? [r] : []));
  if (hit.length === 0) {
    throw new InputError({
      code: "HR1705",
      where,
      got: `the loss of ${hostsText(count)} for the whole day, and no region with a fixed number of hosts`,
      expected: "a fixed number of hosts in fleet.regions",
      remedy: "Give a region hosts: 8, or leave the failure out: elastic hosts that are lost come back",
    });
  }
  return hit.map((r) => ({
    name: `${count === 1 ? "one host" : hostsText(count)} of ${scenario.fleet.regions[r].name} lost`,
    apply: (world) => withRegion(world, r, (region) => lessHosts(region, count)),
  }));
}

function lessHosts(region: FleetSpec["regions"][number], count: number): FleetSpec["regions"][number] {
  if (region.hosts === undefined) return region;
  const left = region.hosts.count - count;
  return left >= 1 ? { ...region, hosts: { ...region.hosts, count: left } } : { ...region, max: 0 };
}

function lostRegions(scenario: Scenario, name: string, where: SourcePlace): Failure[] {
  const { regions } = scenario.fleet;
  const lost = regions.map((_, r) => r).filter((r) => name === "any" || regions[r].name === name);
  if (lost.length === 0) {
    const names = regions.map((region) => region.name);
    const meant = closest(name, names);
    throw new InputError({
      code: "HR1705",
      where,
      got: `the loss of region "${name}"`,
      expected: `any, or one of ${names.join(", ")}`,
      ...(meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` }),
    });
  }
  if (regions.length === 1 || scenario.routing.spillOver === "none") {
    throw new InputError({
      code: "HR1705",
      where,
      got:
        regions.length === 1 ? "the loss of the only region" : "the loss of a region where routing.spillOver is none",
      expected: "another region that may serve its requests",
      remedy: "No plan survives this: leave it out, or let requests go elsewhere",
    });
  }
  return lost.map((r) => ({
    name: `region ${regions[r].name} lost`,
    apply: (world) => withRegion(world, r, (region) => ({ ...region, max: 0 })),
  }));
}

/** Spawns that take no time take no longer. */
function checkSpawns(scenario: Scenario, where: SourcePlace): void {
  const isInstant = ({ spawn }: FleetSpec["classes"][number]): boolean => distributionOf(spawn.law).mean === 0;
  if (!scenario.fleet.classes.every(isInstant)) return;
  throw new InputError({
    code: "HR1705",
    where,
    got: "slower spawns of streamlets that spawn in no time",
    expected: "a time in fleet.streamlet.spawn",
    remedy: "Leave the failure out, or give spawn: 10s",
  });
}

function withoutForecast(scenario: Scenario, where: SourcePlace): Failure {
  if (!scenario.policies.some(hasForecaster)) {
    throw new InputError({
      code: "HR1705",
      where,
      got: "a forecast that is off, and no policy that forecasts",
      expected: "a policy of kind predictive or hybrid",
      remedy: "Leave the failure out",
    });
  }
  const off = (policy: PolicySpec): PolicySpec =>
    hasForecaster(policy) ? { ...policy, knobs: { ...policy.knobs, forecaster: "none" } } : policy;
  return { name: "the forecast off", apply: (world) => ({ ...world, policies: world.policies.map(off) }) };
}

/** Whether its forecast can be switched off, and is on. */
function hasForecaster({ kind, knobs }: PolicySpec): boolean {
  return builtInPolicies.get(kind)?.knobs.forecaster !== undefined && knobs.forecaster !== "none";
}

function withRegion(
  scenario: Scenario,
  lost: number,
  change: (region: FleetSpec["regions"][number]) => FleetSpec["regions"][number],
): Scenario {
  const regions = scenario.fleet.regions.map((region, r) => (r === lost ? change(region) : region));
  return { ...scenario, fleet: { ...scenario.fleet, regions } };
}

/** Multiplies every rate, and the history, so that forecasters have seen the growth. */
export function withDemand(scenario: Scenario, factor: number): Scenario {
  const { source } = scenario.traffic;
  if (source.kind !== "trace")
    return {
      ...scenario,
      traffic: { ...scenario.traffic, source: { ...source, ratePerSecond: source.ratePerSecond * factor } },
    };
  const expected = source.expected.map((count) => count * factor);
  return {
    ...scenario,
    traffic: { ...scenario.traffic, source: { ...source, expected, scale: source.scale * factor } },
  };
}

function withSpawns(scenario: Scenario, factor: number): Scenario {
  const classes = scenario.fleet.classes.map((one) => ({
    ...one,
    spawn: { ...one.spawn, law: scaledLaw(one.spawn.law, factor) },
  }));
  return { ...scenario, fleet: { ...scenario.fleet, classes } };
}

/** The law of `factor` times the quantity. */
export function scaledLaw(law: Law, factor: number): Law {
  switch (law.kind) {
    case "constant":
      return { ...law, value: law.value * factor };
    case "exponential":
      return { ...law, mean: law.mean * factor };
    case "lognormal":
      return { ...law, mu: law.mu + Math.log(factor) };
    case "pareto":
      return { ...law, scale: law.scale * factor };
    case "empirical":
      return { ...law, sorted: law.sorted.map((value) => value * factor) };
  }
}

/** 1.2, "+20%" or "x2". */
function factorOf(written: number | string, what: string, where: SourcePlace): number {
  const text = String(written).trim();
  const percent = /^([-+]\d+(?:\.\d+)?)\s*%$/.exec(text);
  const times = /^[x×]\s*(\d+(?:\.\d+)?)$/.exec(text);
  const factor = percent !== null ? 1 + Number(percent[1]) / 100 : Number(times?.[1] ?? text);
  if (factor > 0 && Number.isFinite(factor) && factor !== 1) return factor;
  throw new InputError({
    code: "HR1705",
    where,
    got: `${what}: "${text}"`,
    expected: "a factor above 0 other than 1",
    remedy: "Write 1.2, +20% or x2",
  });
}

function percentText(factor: number): string {
  const percent = Math.round(1000 * (factor - 1)) / 10;
  return `${percent < 0 ? "−" : "+"}${Math.abs(percent)} %`;
}

function hostsText(count: number): string {
  return count === 1 ? "one host" : `${count} hosts`;
}

function shown(factor: number): string {
  return String(Number(factor.toPrecision(3)));
}
