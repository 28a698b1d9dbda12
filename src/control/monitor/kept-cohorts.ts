import type { OpenStreams } from "./holding-snapshot.js";
import {
  binsAhead,
  OLD_STRIDE,
  oldMinuteAt,
  oldStepsAt,
  STEPS_PER_BIN,
  stepsAt,
  survivorsOf,
  unitsAt,
} from "./survival-curve.js";

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
    const { pairs, ends } = this;
    const first = pool === 0 ? 0 : ends[pool - 1];
    const at = stepsAt(atMs);
    const newestOld = oldStepsAt(at);
    const oldMinute = oldMinuteAt(newestOld);
    let young = first;
    while (young < ends[pool] && pairs[young] <= oldMinute) young += 2;
    const old = this.sums(first, young, newestOld, OLD_STRIDE, aheadMs);
    const rest = this.sums(young, ends[pool], Math.floor(at), 1, aheadMs);
    return survivorsOf(at, rest[0], rest[1], old[0], old[1]);
  }

  /** The sums of shares over some of the pairs: now, and a step later. */
  private sums(
    from: number,
    to: number,
    newest: number,
    stride: number,
    aheadMs: number,
  ): readonly [now: number, next: number] {
    const { survivals, pairs } = this;
    const ahead = binsAhead(aheadMs);
    let now = 0;
    let next = 0;
    for (let i = from; i < to; i += 2) {
      const steps = newest - pairs[i] * STEPS_PER_BIN;
      now += pairs[i + 1] * unitsAt(survivals, steps, ahead);
      next += pairs[i + 1] * unitsAt(survivals, steps + stride, ahead);
    }
    return [now, next];
  }
}
