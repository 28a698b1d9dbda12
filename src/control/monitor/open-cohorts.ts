import type { OpenStreams } from "./holding-snapshot.js";
import { KeptCohorts } from "./kept-cohorts.js";
import { StartMinutes } from "./start-minutes.js";

/** The streams that are open now, by pool and minute of start. */
export class OpenCohorts implements OpenStreams {
  private readonly pools: readonly StartMinutes[];

  constructor(poolCount: number) {
    this.pools = Array.from({ length: poolCount }, () => new StartMinutes());
  }

  /** `by` more streams of that minute are open, or fewer. */
  change(pool: number, minute: number, by: number): void {
    this.pools[pool].change(minute, by);
  }

  /** The oldest minute with an open stream; Infinity = none. */
  get oldest(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const pool of this.pools) if (pool.oldest >= 0) oldest = Math.min(oldest, pool.oldest);
    return oldest;
  }

  /** Adds the number of open streams of each age to `openAt`. */
  countByAge(openAt: Float64Array, nowMs: number): void {
    for (const pool of this.pools) pool.countByAge(openAt, nowMs);
  }

  /** Reads the counters directly: a copy took 1 % of a predictive run. */
  survivors(pool: number, survivals: Float64Array, atMs: number, aheadMs: number): number {
    return this.pools[pool].survivors(survivals, atMs, aheadMs);
  }

  keep(): KeptCohorts {
    const { pools } = this;
    const pairs = new Int32Array(2 * pools.reduce((sum, pool) => sum + pool.size, 0));
    const ends = new Int32Array(pools.length);
    let at = 0;
    for (let pool = 0; pool < pools.length; pool++) {
      at = pools[pool].write(pairs, at);
      ends[pool] = at;
    }
    return new KeptCohorts(pairs, ends);
  }
}
