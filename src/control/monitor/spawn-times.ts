import { objectList } from "../../base/object-list.js";
import type { SpawnView } from "../../ports/policy.js";
import { SlidingSample } from "../forecast/sliding-sample.js";

/**
 * Newest measurements kept per pool. With 256, two and a half of them lie above the 99 % quantile.
 */
const KEPT = 256;

/** The measured times from launch to ready, the newest 256 of each pool. */
export class SpawnTimes implements SpawnView {
  private readonly newest = objectList<SlidingSample>();

  constructor(poolCount: number) {
    for (let pool = 0; pool < poolCount; pool++) this.newest.push(new SlidingSample(KEPT));
  }

  record(pool: number, spawnMs: number): void {
    this.newest[pool].add(spawnMs);
  }

  quantileMs(pool: number, probability: number): number {
    const { size } = this.newest[pool];
    if (size === 0) return Number.NaN;
    return this.newest[pool].ranked(Math.min(size - 1, Math.floor(probability * size)));
  }
}
