import type { SpawnView } from "../../ports/policy.js";

/** Newest measurements kept per pool: 256 give the 99 % quantile two and a half values of support. */
const KEPT = 256;

/** The measured times from launch to ready, the newest 256 of each pool. */
export class SpawnTimes implements SpawnView {
  private readonly rings: Float64Array[] = [];
  private readonly counts: number[] = [];
  private readonly sorted: (Float64Array | undefined)[] = [];

  constructor(poolCount: number) {
    for (let pool = 0; pool < poolCount; pool++) {
      this.rings.push(new Float64Array(KEPT));
      this.counts.push(0);
      this.sorted.push(undefined);
    }
  }

  record(pool: number, spawnMs: number): void {
    this.rings[pool][this.counts[pool]++ % KEPT] = spawnMs;
    this.sorted[pool] = undefined;
  }

  quantileMs(pool: number, probability: number): number {
    const count = Math.min(this.counts[pool], KEPT);
    if (count === 0) return Number.NaN;
    let sorted = this.sorted[pool];
    if (sorted === undefined) {
      sorted = this.rings[pool].slice(0, count).sort();
      this.sorted[pool] = sorted;
    }
    return sorted[Math.min(count - 1, Math.floor(probability * count))];
  }
}
