import type { OpenStreams } from "./holding-snapshot.js";
import { binsAhead, SHARE_UNITS, STEPS_PER_BIN, stepsAt, unitsAt } from "./survival-curve.js";

/** A copy of the open streams by pool and minute of start. */
export class KeptCohorts implements OpenStreams {
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
    const { survivals, pairs, ends } = this;
    const end = ends[pool];
    const at = stepsAt(atMs);
    const newest = Math.floor(at);
    const ahead = binsAhead(aheadMs);
    let now = 0;
    let next = 0;
    for (let i = pool === 0 ? 0 : ends[pool - 1]; i < end; i += 2) {
      const steps = newest - pairs[i] * STEPS_PER_BIN;
      now += pairs[i + 1] * unitsAt(survivals, steps, ahead);
      next += pairs[i + 1] * unitsAt(survivals, steps + 1, ahead);
    }
    return (now + (next - now) * (at - newest)) / SHARE_UNITS;
  }
}
