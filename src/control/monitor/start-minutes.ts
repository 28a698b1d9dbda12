import { AGE_BIN_MS, MinuteSurvival } from "./survival-curve.js";

const NONE = -1;
const FIRST_CAPACITY = 256;

/**
 * The open streams of one pool by the minute of their start. Minutes with open streams form a list
 * from the oldest to the newest: of the 500 minutes up to the oldest stream of an evening peak,
 * 105 have one.
 */
export class StartMinutes {
  private counts: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** Neighbours in the list, by minute. They mean nothing for a minute without open streams. */
  private older: Int32Array = new Int32Array(FIRST_CAPACITY);
  private newer: Int32Array = new Int32Array(FIRST_CAPACITY);
  private newest = NONE;
  /** The oldest minute with an open stream; −1 = none. */
  oldest = NONE;
  /** Minutes with open streams. */
  size = 0;

  add(minute: number): void {
    if (minute >= this.counts.length) this.grow(minute);
    if (this.counts[minute]++ === 0) this.link(minute);
  }

  remove(minute: number): void {
    if (--this.counts[minute] === 0) this.unlink(minute);
  }

  /**
   * Writes each minute with open streams and their number, from the oldest on, to `pairs` from `at`
   * on. Returns where it stopped: at + 2 · size.
   */
  write(pairs: Int32Array, at: number): number {
    const { counts, newer } = this;
    for (let minute = this.oldest; minute !== NONE; minute = newer[minute]) {
      pairs[at++] = minute;
      pairs[at++] = counts[minute];
    }
    return at;
  }

  /**
   * Adds the number of open streams of each age to `openAt`, whose last entry also counts all
   * greater ages. The age is that of the minute's middle. That of its beginning would put half of
   * the streams a bin too high.
   */
  countByAge(openAt: Float64Array, nowMs: number): void {
    const { counts, newer } = this;
    const newest = Math.floor(nowMs / AGE_BIN_MS - 0.5);
    const last = openAt.length - 1;
    for (let minute = this.oldest; minute !== NONE; minute = newer[minute])
      openAt[Math.min(last, Math.max(0, newest - minute))] += counts[minute];
  }

  /** Expected number of the streams, open at `atMs`, that are still open `aheadMs` later. */
  survivors(survivals: Float64Array, atMs: number, aheadMs: number): number {
    const { counts, newer } = this;
    const later = new MinuteSurvival(survivals, atMs, aheadMs);
    let sum = 0;
    for (let minute = this.oldest; minute !== NONE; minute = newer[minute])
      sum += counts[minute] * later.shareOf(minute);
    return sum;
  }

  /** Streams start now, so a minute nearly always comes last. */
  private link(minute: number): void {
    let before = this.newest;
    while (before > minute) before = this.older[before];
    const after = before === NONE ? this.oldest : this.newer[before];
    this.older[minute] = before;
    this.newer[minute] = after;
    if (before === NONE) this.oldest = minute;
    else this.newer[before] = minute;
    if (after === NONE) this.newest = minute;
    else this.older[after] = minute;
    this.size++;
  }

  private unlink(minute: number): void {
    const before = this.older[minute];
    const after = this.newer[minute];
    if (before === NONE) this.oldest = after;
    else this.newer[before] = after;
    if (after === NONE) this.newest = before;
    else this.older[after] = before;
    this.size--;
  }

  private grow(minute: number): void {
    const larger = (row: Int32Array): Int32Array => {
      const grown = new Int32Array(minute + (minute >> 1) + FIRST_CAPACITY);
      grown.set(row);
      return grown;
    };
    this.counts = larger(this.counts);
    this.older = larger(this.older);
    this.newer = larger(this.newer);
  }
}
