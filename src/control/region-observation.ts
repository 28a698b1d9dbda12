import type { ArrivalHistory, FleetObservation, HoldingView, PoolObservation, SpawnView } from "../ports/policy.js";

/**
 * What a policy sees in place of several pools: their sum, as one pool whose replicas are hosts.
 */
export interface RegionSeen {
  readonly name: string;
  readonly region: string;
  /** Pools that run on the region's hosts. */
  readonly pools: readonly number[];
  /** Streams that a full host carries. */
  readonly streamsPerHost: number;
  readonly min: number;
  readonly max: number;
  /** Hosts, now. */
  readonly ready: number;
  readonly spawning: number;
  readonly draining: number;
  readonly desired: number;
}

/**
 * Turns an observation of streamlet pools into one of hosts, so that any policy that scales
 * streamlets can scale hosts.
 */
export function observeRegions(
  observation: FleetObservation,
  regions: readonly RegionSeen[],
  spawn: SpawnView,
): FleetObservation {
  const sumOver = (region: RegionSeen, value: (pool: number) => number): number =>
    region.pools.reduce((sum, pool) => sum + value(pool), 0);
  const history: ArrivalHistory = {
    ...observation.history,
    at: (region, bin) => sumOver(regions[region], (pool) => observation.history.at(pool, bin)),
  };
  const { holding } = observation;
  const view: HoldingView = {
    meanMs: holding.meanMs,
    survival: (ageMs) => holding.survival(ageMs),
    integratedSurvivalMs: (horizonMs) => holding.integratedSurvivalMs(horizonMs),
    survivors: (region, aheadMs) => sumOver(regions[region], (pool) => holding.survivors(pool, aheadMs)),
  };
  const pools = regions.map((region) => poolOf(observation, region, sumOver));
  // Hosts have no warm pool, so this is the time of a cold start.
  return {
    nowMs: observation.nowMs,
    trigger: observation.trigger,
    pools,
    history,
    holding: view,
    spawn,
    warmStart: spawn,
  };
}

function poolOf(
  observation: FleetObservation,
  region: RegionSeen,
  sumOver: (region: RegionSeen, value: (pool: number) => number) => number,
): PoolObservation {
  const sum = (value: (pool: PoolObservation) => number): number =>
    sumOver(region, (pool) => value(observation.pools[pool]));
  return {
    name: region.name,
    region: region.region,
    slots: region.streamsPerHost,
    min: region.min,
    max: region.max,
    ready: region.ready,
    spawning: region.spawning,
    draining: region.draining,
    parked: 0,
    desired: region.desired,
    observedAtMs: observation.pools[region.pools[0]].observedAtMs,
    observedReady: region.ready,
    // Streams on draining streamlets also use hosts.
    open: sum((pool) => pool.open + pool.openDraining),
    openDraining: 0,
    waiting: sum((pool) => pool.waiting),
    arrivals: sum((pool) => pool.arrivals),
    openStreamMs: sum((pool) => pool.openStreamMs),
    waitingRequestMs: sum((pool) => pool.waitingRequestMs),
  };
}
