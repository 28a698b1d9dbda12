import type { StreamletId } from "../ports/fleet.js";

/**
 * The wanted number of parked streamlets per pool, and the launches under way that will be parked
 * when they are ready.
 */
export class WarmPool {
  private readonly pools = new Map<StreamletId, number>();
  private readonly counts: number[] = [];
  private readonly sizes: number[] = [];

  /** `size` applies to each pool until its policy sets another number. */
  constructor(private readonly size: number) {}

  sizeOf(pool: number): number {
    return this.sizes[pool] ?? this.size;
  }

  resize(pool: number, size: number): void {
    this.sizes[pool] = size;
  }

  /**
   * Launches still needed beside the parked streamlets and the launches under way; negative if
   * there are too many.
   */
  missing(pool: number, parked: number): number {
    return this.sizeOf(pool) - parked - (this.counts[pool] ?? 0);
  }

  /** Launches that will be parked when they are ready, the oldest first. */
  underWay(pool: number): StreamletId[] {
    return Array.from(this.pools.keys()).filter((id) => this.pools.get(id) === pool);
  }

  add(id: StreamletId, pool: number): void {
    this.pools.set(id, pool);
    this.counts[pool] = (this.counts[pool] ?? 0) + 1;
  }

  /** True if it was one of them and is no longer. */
  remove(id: StreamletId): boolean {
    const pool = this.pools.get(id);
    if (pool === undefined) return false;
    this.counts[pool]--;
    return this.pools.delete(id);
  }
}
