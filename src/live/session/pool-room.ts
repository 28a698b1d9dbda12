import type { StreamletPool } from "../../control/streamlet-pool.js";

/** The entry of one pool in /ready. */
export interface PoolRoom {
  readonly pool: string;
  readonly hasRoom: boolean;
  readonly freeSlots: number;
  readonly ready: number;
  readonly spawning: number;
}

/**
 * Whether a pool can take another stream: it has a free slot, or may grow, so that a request
 * waits for a streamlet. A pool whose first streamlets are still starting has no room yet; one
 * that was scaled to zero has.
 */
export function roomOf(pool: StreamletPool, mayGrow: boolean): PoolRoom {
  const [ready, spawning] = [pool.ready.length, pool.spawning.length];
  const freeSlots = ready * pool.slots - pool.openReady;
  const isStarting = ready === 0 && spawning > 0;
  return { pool: pool.spec.name, hasRoom: freeSlots > 0 || (mayGrow && !isStarting), freeSlots, ready, spawning };
}
