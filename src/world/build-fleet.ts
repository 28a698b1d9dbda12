import { distributionOf } from "../base/distribution.js";
import type { RandomStreams } from "../base/random.js";
import type { PoolSpec } from "../control/streamlet-pool.js";
import { HostGroup } from "../model/hosts.js";
import { SimFleet } from "../model/sim-fleet.js";
import type { Scheduler } from "../ports/scheduler.js";
import type { Scenario } from "./scenario/scenario.js";

/** Wires the simulated fleet of a scenario. */
export function buildFleet(
  scenario: Scenario,
  pools: readonly PoolSpec[],
  streams: RandomStreams,
  scheduler: Scheduler,
): SimFleet {
  const { fleet, faults } = scenario;
  const hostGroups = fleet.regions.map((region, r) =>
    region.hosts === undefined ? undefined : new HostGroup(r, region.hosts.count, region.hosts, region.hosts.placement),
  );
  const poolSpecs = pools.map((pool) => {
    const streamlet = fleet.classes[pool.index % fleet.classes.length];
    return {
      region: pool.region,
      reservation: {
        cpu: streamlet.cpu,
        memoryBytes: streamlet.memoryBytes,
        bitsPerSecond: streamlet.bitsPerSecond,
      },
      baseMemoryBytes: streamlet.baseMemoryBytes,
      oomAboveBytes: Math.min(faults.oomAboveBytes, streamlet.memoryBytes),
      spawn: distributionOf(streamlet.spawn.law),
      contention: streamlet.spawn.contention,
    };
  });
  const { cpu, memoryBytes, bitsPerSecond } = scenario.streams;
  return new SimFleet(
    {
      pools: poolSpecs,
      hostGroups,
      streamletMtbfMs: faults.streamletMtbfMs,
      spawnFailure: faults.spawnFailure,
      hostMtbfMs: faults.hostMtbfMs,
      hostRepair: distributionOf(faults.hostRepair),
      streamsHaveLoad: cpu !== undefined || memoryBytes !== undefined || bitsPerSecond !== undefined,
    },
    scheduler,
    streams.named("spawn"),
    streams.named("faults"),
  );
}

/** All hosts of the scenario; undefined where no region has any. */
export function hostCount(scenario: Scenario): number | undefined {
  let count: number | undefined;
  for (const region of scenario.fleet.regions)
    if (region.hosts !== undefined) count = (count ?? 0) + region.hosts.count;
  return count;
}
