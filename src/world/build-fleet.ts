import { distributionOf, type Law } from "../base/distribution.js";
import type { RandomStreams } from "../base/random.js";
import type { PoolSpec } from "../control/streamlet-pool.js";
import type { FleetPoolSpec } from "../model/fleet-spec.js";
import { HostSupply } from "../model/host-supply.js";
import { HostGroup } from "../model/hosts.js";
import { canExceedLimits } from "../model/load-bound.js";
import type { RequestStock } from "../model/request.js";
import { SimFleet } from "../model/sim-fleet.js";
import type { SpawnQueueSpec } from "../model/spawn-queue.js";
import type { Scheduler } from "../ports/scheduler.js";
import type { Scenario } from "./scenario/scenario.js";

/** Wires the simulated fleet of a scenario. */
export function buildFleet(
  scenario: Scenario,
  pools: readonly PoolSpec[],
  streams: RandomStreams,
  scheduler: Scheduler,
  stock: RequestStock,
): { readonly fleet: SimFleet; readonly hostSupply: HostSupply | undefined } {
  const { fleet, faults } = scenario;
  const hostGroups = fleet.regions.map((region, r) =>
    region.hosts === undefined ? undefined : new HostGroup(r, region.hosts.count, region.hosts, region.hosts.placement),
  );
  const poolSpecs = pools.map((pool) => {
    const streamlet = fleet.classes[pool.index % fleet.classes.length];
    return {
      pool: pool.index,
      region: pool.region,
      reservation: streamlet,
      baseMemoryBytes: streamlet.baseMemoryBytes,
      oomAboveBytes: Math.min(faults.oomAboveBytes, streamlet.memoryBytes),
      spawn: distributionOf(streamlet.spawn.law),
      contention: streamlet.spawn.contention,
    };
  });
  const isElastic = fleet.regions.some((region) => region.hosts?.elastic !== undefined);
  const hostSupply = isElastic ? buildHostSupply(scenario, hostGroups, streams, scheduler) : undefined;
  const simFleet = new SimFleet(
    {
      pools: poolSpecs,
      hostGroups,
      hostSupply,
      ...faults,
      hostRepair: distributionOf(faults.hostRepair),
      spawnQueue: spawnQueueOf(scenario),
      loadMatters: loadMatters(scenario, pools, poolSpecs),
    },
    scheduler,
    { spawn: streams.named("spawn"), faults: streams.named("faults"), reclaim: streams.named("reclaim") },
    stock,
  );
  hostSupply?.attach((host) => simFleet.idsOn(host));
  return { fleet: simFleet, hostSupply };
}

function loadMatters(
  { streams, fleet }: Scenario,
  pools: readonly PoolSpec[],
  specs: readonly Omit<FleetPoolSpec, "spawn" | "contention">[],
): boolean {
  const most = (law: Law | undefined): number => (law === undefined ? 0 : distributionOf(law).quantile(1));
  const demand = {
    cpu: most(streams.cpu),
    memoryBytes: most(streams.memoryBytes),
    bitsPerSecond: most(streams.bitsPerSecond),
  };
  return pools.some(({ slots, region }, p) =>
    canExceedLimits(demand, { ...specs[p], slots }, fleet.regions[region].hosts),
  );
}

/**
 * A calibrated scenario without hosts runs on the machine that was calibrated. Of its classes'
 * spawn queues, the one with the fewest starts at once applies.
 */
function spawnQueueOf({ fleet }: Scenario): SpawnQueueSpec | undefined {
  if (fleet.regions.some((region) => region.hosts !== undefined)) return undefined;
  const queues = fleet.classes.flatMap(({ spawn }) => (spawn.queue === undefined ? [] : [spawn.queue]));
  if (queues.length === 0) return undefined;
  return {
    startsAtOnce: Math.min(...queues.map((queue) => queue.startsAtOnce)),
    serialMs: Math.max(...queues.map((queue) => queue.serialMs)),
    sharing: Math.max(...queues.map((queue) => queue.sharing)),
    perStream: Math.max(...queues.map((queue) => queue.perStream)),
    crowding: Math.max(...queues.map((queue) => queue.crowding)),
    delayChance: Math.max(...queues.map((queue) => queue.delayChance)),
    delayMs: Math.max(...queues.map((queue) => queue.delayMs)),
    outsideMs: Math.min(...queues.map((queue) => queue.outsideMs)),
  };
}

function buildHostSupply(
  scenario: Scenario,
  hostGroups: readonly (HostGroup | undefined)[],
  streams: RandomStreams,
  scheduler: Scheduler,
): HostSupply {
  const { regions } = scenario.fleet;
  return new HostSupply(
    hostGroups.map((group, r) => (regions[r].hosts?.elastic === undefined ? undefined : group)),
    regions.map(({ hosts }) => (hosts?.elastic === undefined ? undefined : distributionOf(hosts.elastic.spawn))),
    scheduler,
    streams.named("host-spawn"),
  );
}

/** Hosts of a fixed number; undefined if no region has any. */
export function hostCount(scenario: Scenario): number | undefined {
  let count: number | undefined;
  for (const region of scenario.fleet.regions)
    if (region.hosts !== undefined)
      count = (count ?? 0) + (region.hosts.elastic === undefined ? region.hosts.count : 0);
  return count;
}
