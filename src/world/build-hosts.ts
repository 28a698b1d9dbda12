import { distributionOf } from "../base/distribution.js";
import type { RandomStreams } from "../base/random.js";
import type { ControlParts } from "../control/control-plane.js";
import type { HostRegionSpec } from "../control/host-tier.js";
import { createBuiltInPolicy } from "../control/policies/registry.js";
import type { PoolSpec } from "../control/streamlet-pool.js";
import { shareOf } from "../model/hosts.js";
import type { HostFleet } from "../ports/host-fleet.js";
import type { Scenario } from "./scenario/scenario.js";
import type { ElasticHostsSpec } from "./scenario/sections/hosts.js";

/**
 * Wires the tier of elastic hosts. At least one region has some; the policy of the first one scales
 * them all.
 */
export function buildHosts(
  scenario: Scenario,
  pools: readonly PoolSpec[],
  streams: RandomStreams,
  fleet: HostFleet,
): NonNullable<ControlParts["hosts"]> {
  const regions = scenario.fleet.regions.flatMap((region, r) =>
    region.hosts?.elastic === undefined ? [] : [hostRegion(scenario, pools, r, region.hosts.elastic)],
  );
  const [policy] = scenario.fleet.regions.flatMap((region) => region.hosts?.elastic?.policy ?? []);
  const context = {
    pools: regions.map((one) => ({
      name: `${one.regionName} hosts`,
      region: one.regionName,
      slots: one.streamsPerHost,
      min: one.min,
      max: one.max,
    })),
    tickMs: policy.tickMs,
    random: streams.named("host-policy"),
  };
  return {
    fleet,
    policy: createBuiltInPolicy(policy.kind, policy.knobs, context),
    spec: { regions, tickMs: policy.tickMs, firstIndex: pools.length },
  };
}

function hostRegion(
  scenario: Scenario,
  pools: readonly PoolSpec[],
  r: number,
  elastic: ElasticHostsSpec,
): HostRegionSpec {
  const region = scenario.fleet.regions[r];
  const { hosts } = region;
  if (hosts === undefined) throw new Error(`region ${region.name} has no hosts`);
  const own = pools.filter((pool) => pool.region === r);
  const shares = own.map((pool) => shareOf(hosts, scenario.fleet.classes[pool.index % scenario.fleet.classes.length]));
  // Whole streamlets only; a mean over the classes, since their mix is not known in advance.
  const streams = own.map((pool, k) => (shares[k] === 0 ? 1 : Math.floor(1 / shares[k] + 1e-9)) * pool.slots);
  return {
    region: r,
    regionName: region.name,
    min: elastic.min,
    max: elastic.max,
    streamsPerHost: Math.max(1, Math.floor(streams.reduce((sum, one) => sum + one, 0) / streams.length)),
    expectedSpawnMs: distributionOf(elastic.spawn).mean,
    pools: own.map((pool) => pool.index),
    shares,
  };
}
