import type { OpenStreams } from "./holding-snapshot.js";
import { AGE_BIN_MS, Ahead, SHARE_UNITS, unitsAt } from "./survival-curve.js";

/** A copy of the open streams by pool and minute of start. */
export class KeptCohorts implements OpenStreams {
  private readonly ahead = new Ahead();

  /**
   * `pairs`: a minute and the number of open streams that started in it, only for minutes with
   * some. The pairs of a pool are at [ends[pool − 1], ends[pool]).
   */
  constructor(
    private readonly survivals: Float64Array,
    readonly pairs: Int32Array,
    private readonly ends: Int32Array,
  ) {}

  survivors(pool: number, atMs: number, aheadMs: number): number {
    const { survivals, pairs, ends, ahead } = this;
    const end = ends[pool];
    const at = atMs / AGE_BIN_MS - 0.5;
    const newest = Math.floor(at);
    ahead.set(aheadMs);
    let now = 0;
    let next = 0;
    for (let i = pool === 0 ? 0 : ends[pool - 1]; i < end; i += 2) {
      const bin = newest - pairs[i];
      now += pairs[i + 1] * unitsAt(survivals, bin, ahead.gap, ahead.rest);
      next += pairs[i + 1] * unitsAt(survivals, bin + 1, ahead.gap, ahead.rest);
    }
    return (now + (next - now) * (at - newest)) / SHARE_UNITS;
  }
}
