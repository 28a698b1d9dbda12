import type { StreamletId } from "../ports/fleet.js";

/** Launches under way that go to the warm pool when they are ready; never more than the warm pool's size per pool. */
export class WarmLaunches {
  private readonly pools = new Map<StreamletId, number>();
  private readonly counts: number[] = [];

  count(pool: number): number {
    return this.counts[pool] ?? 0;
  }

  add(id: StreamletId, pool: number): void {
    this.pools.set(id, pool);
    this.counts[pool] = this.count(pool) + 1;
  }

  /** True if it was one of them and is no longer. */
  remove(id: StreamletId): boolean {
    const pool = this.pools.get(id);
    if (pool === undefined) return false;
    this.counts[pool]--;
    return this.pools.delete(id);
  }
}
