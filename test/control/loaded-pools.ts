import { CandidateList, Routing, type SpillOver } from "../../src/control/routing.js";
import { Streamlet } from "../../src/control/streamlet.js";
import { type PoolSpec, StreamletPool } from "../../src/control/streamlet-pool.js";
import type { StreamRequest } from "../../src/ports/fleet.js";
import { Dice } from "../swarm/dice.js";
import { poolSpec } from "./fake-parts.js";

/** A pool whose ready streamlets carry these loads; ids begin at 100 times its index. */
export function poolWith(spec: PoolSpec, loads: readonly number[]): StreamletPool {
  const pool = new StreamletPool(spec);
  loads.forEach((load, i) => {
    const streamlet = new Streamlet(spec.index * 100_000 + i, spec.index, spec.slots, 0);
    streamlet.state = "ready";
    pool.addReady(streamlet, 0);
    for (let n = 0; n < load; n++) pool.take(streamlet, 0);
  });
  return pool;
}

/** Three regions, three formats, one to six pools of any classes with any loads. */
export function randomPools(name: string): StreamletPool[] {
  const dice = new Dice(name);
  return Array.from({ length: dice.whole(1, 6) }, (_, index) => {
    const slots = dice.whole(1, 8);
    const formats = [0, 1, 2].filter(() => dice.chance(0.6));
    const spec = poolSpec(index, {
      region: dice.whole(0, 2),
      slots,
      weight: dice.number(0.5, 9),
      formats: formats.length > 0 ? formats : [1],
    });
    return poolWith(
      spec,
      Array.from({ length: dice.whole(0, 30) }, () => dice.whole(0, slots)),
    );
  });
}

const distances = [
  [0, 30, 80],
  [30, 0, 50],
  [80, 50, 0],
];

export function distanceMs(from: number, to: number): number {
  return distances[from][to];
}

export function routingOf(pools: readonly StreamletPool[], spillOver: SpillOver): Routing {
  return new Routing(pools, { regionCount: 3, formatCount: 3, distanceMs, spillOver });
}

export function gathered(routing: Routing, region: number, format: number): CandidateList {
  const candidates = new CandidateList();
  routing.gather(routing.key(region, format), candidates);
  return candidates;
}

export function requestFor(region: number, format: number, more: Partial<StreamRequest> = {}): StreamRequest {
  return {
    id: 1,
    series: 0,
    region,
    format,
    arrivedAtMs: 0,
    attempt: 0,
    patienceMs: Number.POSITIVE_INFINITY,
    startedAtMs: Number.NaN,
    pool: -1,
    ...more,
  };
}

/**
 * The streamlets that may take a request by the rule: compatible, with a free slot, in the
 * nearest region that has any.
 */
export function allowed(
  pools: readonly StreamletPool[],
  region: number,
  format: number,
  spillOver: SpillOver,
): Streamlet[] {
  const withRoom = pools.filter((pool) => pool.spec.formats.includes(format) && pool.available.length > 0);
  const at = (tier: (pool: StreamletPool) => boolean): Streamlet[] =>
    withRoom.filter(tier).flatMap((pool) => pool.ready.filter((streamlet) => streamlet.open < streamlet.slots));
  const home = at((pool) => pool.region === region);
  if (home.length > 0 || spillOver === "none") return home;
  if (spillOver === "any") return at(() => true);
  const nearest = Math.min(...withRoom.map((pool) => distanceMs(region, pool.region)));
  return at((pool) => distanceMs(region, pool.region) === nearest);
}
