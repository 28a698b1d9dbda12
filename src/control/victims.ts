import type { RandomStream } from "../base/random.js";
import { NO_TIMER } from "../ports/scheduler.js";
import type { ScaleIn } from "./scale-in.js";
import type { Streamlet } from "./streamlet.js";
import type { StreamletPool } from "./streamlet-pool.js";

/**
 * Chooses up to `count` ready streamlets to remove, in order. Kubernetes removes the newest
 * (ReplicaSet's rank of equal pods).
 */
export function chooseVictims(pool: StreamletPool, count: number, scaleIn: ScaleIn, random: RandomStream): Streamlet[] {
  if (scaleIn.victims === "emptiest") return pool.emptiest(count, scaleIn.lazy);
  const eligible = scaleIn.lazy ? pool.ready.filter((streamlet) => streamlet.open === 0) : pool.ready.slice();
  if (scaleIn.victims === "random") return drawWithoutReplacement(eligible, count, random);
  const sign = scaleIn.victims === "newest" ? -1 : 1;
  eligible.sort((a, b) => sign * (a.readyAtMs - b.readyAtMs) || sign * (a.id - b.id));
  return eligible.slice(0, count);
}

/**
 * Chooses up to `limit` spawning streamlets to cancel: cold starts before those that leave the warm
 * pool, the youngest first.
 */
export function chooseCancelled(pool: StreamletPool, limit: number): Streamlet[] {
  const youngestFirst = pool.spawning.slice().reverse();
  const isCold = (streamlet: Streamlet): boolean => streamlet.activationTimer === NO_TIMER;
  const cold = youngestFirst.filter(isCold);
  if (cold.length >= limit) return cold.slice(0, limit);
  return [...cold, ...youngestFirst.filter((streamlet) => !isCold(streamlet))].slice(0, limit);
}

/**
 * Chooses up to `limit` draining streamlets to take back, the fullest first. Those without a stream
 * are about to end.
 */
export function chooseUndrained(pool: StreamletPool, limit: number): Streamlet[] {
  const back = pool.draining.filter((streamlet) => streamlet.eviction === "none" && streamlet.open > 0);
  return back.sort((a, b) => b.open - a.open || a.id - b.id).slice(0, limit);
}

/** The first `count` places of a Fisher–Yates shuffle. */
function drawWithoutReplacement(from: Streamlet[], count: number, random: RandomStream): Streamlet[] {
  const last = Math.min(count, from.length);
  for (let i = 0; i < last; i++) {
    const j = i + random.integerBelow(from.length - i);
    const swapped = from[i];
    from[i] = from[j];
    from[j] = swapped;
  }
  return from.slice(0, last);
}
