import { distributionOf } from "../base/distribution.js";
import { leastTimePerSuccessMs } from "../base/restart.js";
import type { PoolSpec } from "../control/streamlet-pool.js";
import { sharesOf } from "../model/hosts.js";
import type { BoundHosts, BoundPool } from "./recorder/clairvoyant-bound.js";
import type { Scenario } from "./scenario/scenario.js";

/** The pools of a scenario: each region × each class of streamlets, regions first. */
export function poolsOf(scenario: Scenario): readonly PoolSpec[] {
  const { regions, classes } = scenario.fleet;
  const pools: PoolSpec[] = [];
  regions.forEach((region, r) => {
    for (const streamletClass of classes) {
      pools.push({
        index: pools.length,
        name: classes.length === 1 ? region.name : `${region.name}/${streamletClass.name}`,
        region: r,
        regionName: region.name,
        className: streamletClass.name,
        formats: streamletClass.formats,
        slots: streamletClass.slots,
        weight: streamletClass.weight,
      });
    }
  });
  return pools;
}

/**
 * The pool that each series prefers: the first of its region that decodes its format, else the
 * first of any region; −1 = none.
 */
export function homePools(scenario: Scenario, pools: readonly PoolSpec[]): readonly number[] {
  return scenario.traffic.series.map((series) => {
    const able = pools.filter((pool) => pool.formats.includes(series.format));
    const home = able.find((pool) => pool.region === series.region) ?? able[0];
    return home === undefined ? -1 : home.index;
  });
}

/**
 * Inputs of the clairvoyant lower bound for each pool. Contention only lengthens spawns and is left
 * out.
 */
export function boundPools(scenario: Scenario, pools: readonly PoolSpec[]): readonly BoundPool[] {
  const { classes } = scenario.fleet;
  const spawnMs = classes.map((one) => leastTimePerSuccessMs(distributionOf(one.spawn.law)));
  return pools.map((pool) => ({ slots: pool.slots, spawnMs: spawnMs[pool.index % classes.length] }));
}

/**
 * Per region with elastic hosts: spawn time of a host, and the share of a host per streamlet. A
 * pool whose streamlets need no host has no share.
 */
export function boundHosts(scenario: Scenario, pools: readonly PoolSpec[]): readonly BoundHosts[] {
  const { regions, classes } = scenario.fleet;
  return regions.flatMap(({ hosts }, r) => {
    if (hosts?.elastic === undefined) return [];
    const own = pools.filter((pool) => pool.region === r);
    const shares = own.map((pool) => ({
      pool: pool.index,
      shares: sharesOf(hosts, classes[pool.index % classes.length]),
    }));
    return [{ spawnMs: leastTimePerSuccessMs(distributionOf(hosts.elastic.spawn)), pools: shares }];
  });
}

/**
 * Names of the subjects of decisions, by index: the pools, then the hosts of each elastic region.
 */
export function decisionNames(scenario: Scenario): readonly string[] {
  const elastic = scenario.fleet.regions.filter((region) => region.hosts?.elastic !== undefined);
  return [...poolsOf(scenario).map((pool) => pool.name), ...elastic.map((region) => `${region.name} hosts`)];
}
