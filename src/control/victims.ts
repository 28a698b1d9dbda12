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
  return eligible.sort(scaleIn.victims === "newest" ? newestFirst : oldestFirst).slice(0, count);
}

/**
 * Chooses up to `limit` spawning streamlets to cancel: cold starts before those that leave the warm
 * pool, the youngest first.
 */
export function chooseCancelled(pool: StreamletPool, limit: number): Streamlet[] {
  if (pool.spawning.length === 0) return [];
  const youngestFirst = pool.spawning.slice().reverse();
  const cold = youngestFirst.filter(isCold);
  if (cold.length >= limit) return cold.slice(0, limit);
  return [...cold, ...youngestFirst.filter((streamlet) => !isCold(streamlet))].slice(0, limit);
}

/**
 * Chooses up to `limit` draining streamlets to take back, the fullest first. Those without a stream
 * are about to end.
 */
export function chooseUndrained(pool: StreamletPool, limit: number): Streamlet[] {
  const back: Streamlet[] = [];
  // Mostly one of some fifty is taken back: to keep the best so far is less work than to sort all.
  for (const streamlet of pool.draining) {
    if (streamlet.eviction !== "none" || streamlet.open === 0) continue;
    let at = back.length;
    while (at > 0 && isBefore(streamlet, back[at - 1])) at--;
    if (at === limit) continue;
    if (back.length === limit) back.pop();
    back.splice(at, 0, streamlet);
  }
  return back;
}

function isCold({ activationTimer }: Streamlet): boolean {
  return activationTimer === NO_TIMER;
}

function oldestFirst(a: Streamlet, b: Streamlet): number {
  return a.readyAtMs - b.readyAtMs || a.id - b.id;
}

function newestFirst(a: Streamlet, b: Streamlet): number {
  return oldestFirst(b, a);
}

/** The fullest first, then the oldest. */
function isBefore(a: Streamlet, b: Streamlet): boolean {
  return a.open > b.open || (a.open === b.open && a.id < b.id);
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
