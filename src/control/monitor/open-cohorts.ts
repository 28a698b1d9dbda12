import type { OpenStreams } from "./holding-snapshot.js";
import { KeptCohorts } from "./kept-cohorts.js";
import { StartMinutes } from "./start-minutes.js";

/** The streams that are open now, by pool and minute of start. */
export class OpenCohorts implements OpenStreams {
  private readonly pools: readonly StartMinutes[];
  private survivals: Float64Array = new Float64Array(1);

  constructor(poolCount: number) {
    this.pools = Array.from({ length: poolCount }, () => new StartMinutes());
  }

  /** This curve holds from now on, also if it is the one before with other numbers. */
  read(survivals: Float64Array): void {
    this.survivals = survivals;
    for (const pool of this.pools) pool.read(survivals);
  }

  start(pool: number, minute: number, count: number): void {
    this.pools[pool].start(minute, count);
  }

  end(pool: number, minute: number): void {
    this.pools[pool].end(minute);
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

  survivors(pool: number, atMs: number, aheadMs: number): number {
    return this.pools[pool].survivors(atMs, aheadMs);
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
    return new KeptCohorts(this.survivals, pairs, ends);
  }
}
