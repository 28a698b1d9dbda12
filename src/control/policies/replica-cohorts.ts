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

/**
 * The ages of a pool's streamlets, inferred from the counts that a policy sees at its decisions.
 * Launches become ready in order, and the newest go first (as in a ReplicaSet). Ready ones older
 * than `forgetMs` are one cohort, so there are never more cohorts than decisions in that time.
 */
export class ReplicaCohorts {
  private spawning: Cohort[] = [];
  private ready: Cohort[] = [];
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
    if (pool.ready < before) removeNewest(this.ready, before - pool.ready);
    if (pool.ready > before) this.promote(pool.ready - before, pool.observedReady - before, pool.observedAtMs, nowMs);
    const spawning = total(this.spawning);
    if (pool.spawning < spawning) removeNewest(this.spawning, spawning - pool.spawning);
    if (pool.spawning > spawning)
      this.spawning.push({ count: pool.spawning - spawning, startedAtMs: this.updatedAtMs, readyAtMs: undefined });
    this.updatedAtMs = nowMs;
    this.forget(nowMs);
  }

  /** `observed` of them were ready at the scrape already; the rest became ready since. */
  private promote(count: number, observed: number, observedAtMs: number, nowMs: number): void {
    let rest = count;
    let seen = Math.min(count, Math.max(0, observed));
    while (rest > 0) {
      const oldest = this.spawning[0] ?? { count: rest, startedAtMs: this.updatedAtMs, readyAtMs: undefined };
      const moved = Math.min(rest, oldest.count, seen > 0 ? seen : rest);
      const readyAtMs = seen > 0 ? observedAtMs : nowMs;
      this.ready.push({ count: moved, startedAtMs: oldest.startedAtMs, readyAtMs });
      oldest.count -= moved;
      if (oldest.count === 0 && this.spawning[0] === oldest) this.spawning.shift();
      rest -= moved;
      seen -= Math.min(seen, moved);
    }
  }

  private forget(nowMs: number): void {
    let old = 0;
    while (this.ready.length > 0 && isOld(this.ready[0], nowMs - this.forgetMs))
      old += (this.ready.shift() as Cohort).count;
    const always = Number.NEGATIVE_INFINITY;
    if (old > 0) this.ready.unshift({ count: old, startedAtMs: always, readyAtMs: always });
  }
}

function isOld(cohort: Cohort, beforeMs: number): boolean {
  return cohort.startedAtMs < beforeMs && (cohort.readyAtMs ?? Number.POSITIVE_INFINITY) < beforeMs;
}

function total(cohorts: readonly Cohort[]): number {
  let sum = 0;
  for (const cohort of cohorts) sum += cohort.count;
  return sum;
}

function removeNewest(cohorts: Cohort[], count: number): void {
  let rest = count;
  while (rest > 0 && cohorts.length > 0) {
    const newest = cohorts[cohorts.length - 1];
    const removed = Math.min(rest, newest.count);
    newest.count -= removed;
    rest -= removed;
    if (newest.count === 0) cohorts.pop();
  }
}
