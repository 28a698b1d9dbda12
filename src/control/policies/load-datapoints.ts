import type { PoolObservation } from "../../ports/policy.js";

/** Utilisation of the ready streamlets of one pool over one period; undefined = no data. */
export type Datapoint = number | undefined;

/**
 * One datapoint of utilisation per scrape: mean open streams on ready streamlets since the last
 * scrape / mean ready slots. Streams on draining streamlets are left out, as terminating instances
 * no longer report. Without a ready streamlet, or without a new scrape, there is no data.
 */
export class LoadDatapoints {
  private last: PoolObservation | undefined;
  private readonly values: Datapoint[] = [];

  constructor(private readonly keep: number) {}

  /** Newest first. */
  get newestFirst(): readonly Datapoint[] {
    return this.values;
  }

  update(pool: PoolObservation): void {
    this.values.unshift(this.measure(pool));
    if (this.values.length > this.keep) this.values.pop();
    if (pool.observedAtMs !== Number.NEGATIVE_INFINITY) this.last = pool;
  }

  /** True if the newest `count` datapoints are all there and all satisfy the condition. */
  all(count: number, condition: (value: number) => boolean): boolean {
    for (let i = 0; i < count; i++) {
      const value = this.values[i];
      if (value === undefined || !condition(value)) return false;
    }
    return true;
  }

  private measure(pool: PoolObservation): Datapoint {
    const before = this.last;
    if (pool.observedReady === 0) return undefined;
    if (before === undefined || pool.observedAtMs <= before.observedAtMs) return undefined;
    const open = (pool.openStreamMs - before.openStreamMs) / (pool.observedAtMs - before.observedAtMs);
    const draining = (pool.openDraining + before.openDraining) / 2;
    const ready = before.observedReady === 0 ? pool.observedReady : (pool.observedReady + before.observedReady) / 2;
    return Math.max(0, open - draining) / (ready * pool.slots);
  }
}
