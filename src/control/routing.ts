import { objectList } from "../base/object-list.js";
import type { Candidates } from "../ports/balancer.js";
import type { StreamletPool } from "./streamlet-pool.js";

export type SpillOver = "none" | "nearest" | "any";

/** The pools that may serve one (region, format), in the order of preference. */
interface Route {
  readonly pools: readonly StreamletPool[];
  readonly tiers: readonly number[];
  readonly distancesMs: readonly number[];
}

/** Regions, formats, and which other regions may serve a request. */
export interface Geography {
  readonly regionCount: number;
  readonly formatCount: number;
  readonly distanceMs: (from: number, to: number) => number;
  readonly spillOver: SpillOver;
}

/**
 * The pools that may serve each (region, format). A pool must decode the format. Pools in the
 * request's own region are tier 0. `none` allows no other region. `nearest` makes each further
 * distance a tier. `any` puts all other regions in tier 1.
 */
export class Routing {
  private readonly routes = objectList<Route>();
  /** `sources[p]`: the (region, format) keys that pool p may serve. */
  readonly sources: readonly number[][];

  constructor(
    pools: readonly StreamletPool[],
    private readonly geography: Geography,
  ) {
    const { regionCount, formatCount } = geography;
    this.sources = pools.map(() => []);
    for (let region = 0; region < regionCount; region++) {
      for (let format = 0; format < formatCount; format++) {
        const route = routeFor(pools, region, format, geography);
        for (const pool of route.pools) this.sources[pool.index].push(this.routes.length);
        this.routes.push(route);
      }
    }
  }

  knowsRegion(region: number): boolean {
    return region >= 0 && region < this.geography.regionCount;
  }

  /** Whether the scenario has this region and this format. */
  knows(region: number, format: number): boolean {
    return this.knowsRegion(region) && format >= 0 && format < this.geography.formatCount;
  }

  /** Only for a region and a format that it knows. */
  key(region: number, format: number): number {
    return region * this.geography.formatCount + format;
  }

  get keyCount(): number {
    return this.routes.length;
  }

  /** The pool that requests of this key prefer; −1 if no pool can serve them. */
  homePool(key: number): number {
    const route = this.routes[key];
    return route.pools.length === 0 ? -1 : route.pools[0].index;
  }

  /** Fills `into` with the pools of this key that have a free slot. */
  gather(key: number, into: CandidateList): void {
    const route = this.routes[key];
    const { pools } = route;
    into.begin(route);
    for (let i = 0; i < pools.length; i++) {
      if (pools[i].available.length > 0) into.add(i);
    }
  }
}

function routeFor(
  pools: readonly StreamletPool[],
  region: number,
  format: number,
  { distanceMs, spillOver }: Geography,
): Route {
  const able = pools.filter((pool) => pool.spec.formats.includes(format));
  const reachable = able.filter((pool) => pool.region === region || spillOver !== "none");
  const distanceOf = (pool: StreamletPool): number => (pool.region === region ? 0 : distanceMs(region, pool.region));
  const home = (pool: StreamletPool): number => (pool.region === region ? 0 : 1);
  const sorted = reachable
    .slice()
    .sort((a, b) => home(a) - home(b) || distanceOf(a) - distanceOf(b) || a.index - b.index);
  const tiers: number[] = [];
  for (let i = 0; i < sorted.length; i++) {
    if (home(sorted[i]) === 0) tiers.push(0);
    else if (spillOver === "any") tiers.push(1);
    else if (i > 0 && home(sorted[i - 1]) === 1 && distanceOf(sorted[i - 1]) === distanceOf(sorted[i]))
      tiers.push(tiers[i - 1]);
    else tiers.push(i === 0 ? 1 : tiers[i - 1] + 1);
  }
  return { pools: sorted, tiers, distancesMs: sorted.map(distanceOf) };
}

/**
 * One list, filled again for each request, so that a pick allocates nothing. It holds positions in
 * a route: to copy what is read of few took 130 instructions a candidate.
 */
export class CandidateList implements Candidates {
  count = 0;
  private route: Route | undefined;
  private positions: Int32Array = new Int32Array(0);

  /** Begins a list of pools of that route. */
  begin(route: Route): void {
    this.count = 0;
    if (this.route === route) return;
    this.route = route;
    if (this.positions.length < route.pools.length) this.positions = new Int32Array(route.pools.length);
  }

  /** Adds the pool at that position of the route. */
  add(position: number): void {
    this.positions[this.count++] = position;
  }

  pool(i: number): StreamletPool {
    return this.of.pools[this.positions[i]];
  }

  tier(i: number): number {
    return this.of.tiers[this.positions[i]];
  }

  distanceMs(i: number): number {
    return this.of.distancesMs[this.positions[i]];
  }

  private get of(): Route {
    return this.route as Route;
  }
}
