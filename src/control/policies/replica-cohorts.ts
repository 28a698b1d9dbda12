import { objectList } from "../../base/object-list.js";
import type { PoolObservation } from "../../ports/policy.js";

/** Streamlets that were launched, and became ready, at about the same time. */
export interface Cohort {
  count: number;
  readonly startedAtMs: number;
  /**
   * When they became ready. −Infinity = long ago, so that the exact age no longer matters.
   * Undefined = still spawning.
   */
  readonly readyAtMs: number | undefined;
}

type ReadyCohort = Cohort & { readonly readyAtMs: number };

/**
 * The ages of a pool's streamlets, inferred from the counts that a policy sees at its decisions.
 * Launches become ready in order, and the newest go first (as in a ReplicaSet). Ready ones older
 * than `forgetMs` are one cohort, so there are never more cohorts than decisions in that time.
 */
export class ReplicaCohorts {
  private spawning = objectList<Cohort>();
  private ready = objectList<ReadyCohort>();
  private updatedAtMs = 0;

  constructor(private readonly forgetMs: number) {}

  /** All cohorts as of the last update, ready ones first, oldest first. */
  get all(): readonly Cohort[] {
    return [...this.ready, ...this.spawning];
  }

  /** Spawning streamlets that were launched before `atMs`. */
  spawningSince(atMs: number): number {
    let count = 0;
    for (const cohort of this.spawning) if (cohort.startedAtMs < atMs) count += cohort.count;
    return count;
  }

  update(pool: PoolObservation, nowMs: number): void {
    const before = total(this.ready);
    removeNewest(this.ready, before - pool.ready);
    this.promote(pool.ready - before, pool.observedReady - before, pool.observedAtMs, nowMs);
    const launched = pool.spawning - total(this.spawning);
    removeNewest(this.spawning, -launched);
    if (launched > 0) this.spawning.push({ count: launched, startedAtMs: this.updatedAtMs, readyAtMs: undefined });
    this.updatedAtMs = nowMs;
    this.forget(nowMs);
  }

  /** `observed` of them were ready at the scrape already; the rest became ready since. */
  private promote(count: number, observed: number, observedAtMs: number, nowMs: number): void {
    let rest = count;
    let seen = Math.min(count, observed);
    while (rest > 0) {
      const oldest = this.spawning.shift() ?? { count: rest, startedAtMs: this.updatedAtMs, readyAtMs: undefined };
      const readyAtMs = seen > 0 ? observedAtMs : nowMs;
      const moved = Math.min(oldest.count, seen > 0 ? seen : rest);
      this.ready.push({ count: moved, startedAtMs: oldest.startedAtMs, readyAtMs });
      if (moved < oldest.count) this.spawning.unshift({ ...oldest, count: oldest.count - moved });
      rest -= moved;
      seen -= moved;
    }
  }

  private forget(nowMs: number): void {
    let old = 0;
    while (this.ready.length > 0 && isOld(this.ready[0], nowMs - this.forgetMs))
      old += (this.ready.shift() as ReadyCohort).count;
    const always = Number.NEGATIVE_INFINITY;
    if (old > 0) this.ready.unshift({ count: old, startedAtMs: always, readyAtMs: always });
  }
}

function isOld({ startedAtMs, readyAtMs }: ReadyCohort, beforeMs: number): boolean {
  return Math.max(startedAtMs, readyAtMs) < beforeMs;
}

function total(cohorts: readonly Cohort[]): number {
  let sum = 0;
  for (const cohort of cohorts) sum += cohort.count;
  return sum;
}

/** `count` is at most the total of the cohorts; nothing happens below 1. */
function removeNewest(cohorts: Cohort[], count: number): void {
  let rest = count;
  while (rest > 0) {
    const newest = cohorts[cohorts.length - 1];
    const removed = Math.min(rest, newest.count);
    newest.count -= removed;
    rest -= removed;
    if (newest.count === 0) cohorts.pop();
  }
}
