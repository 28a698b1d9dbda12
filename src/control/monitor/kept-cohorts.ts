import type { OpenStreams } from "./holding-snapshot.js";
import { MinuteSurvival } from "./survival-curve.js";

/** A copy of the open streams by pool and minute of start. */
export class KeptCohorts implements OpenStreams {
  private readonly later = new MinuteSurvival();

  /**
   * `pairs`: a minute and the number of open streams that started in it, only for minutes with
   * some. The pairs of a pool are at [ends[pool − 1], ends[pool]).
   */
  constructor(
    readonly pairs: Int32Array,
    private readonly ends: Int32Array,
  ) {}

  survivors(pool: number, survivals: Float64Array, atMs: number, aheadMs: number): number {
    const { pairs, ends, later } = this;
    const end = ends[pool];
    later.look(survivals, atMs, aheadMs);
    let sum = 0;
    for (let i = pool === 0 ? 0 : ends[pool - 1]; i < end; i += 2) sum += pairs[i + 1] * later.shareOf(pairs[i]);
    return sum;
  }
}
