import {
  binsAhead,
  OLD_STRIDE,
  oldMinuteAt,
  oldStepsAt,
  STEPS_PER_BIN,
  survivorsOf,
  unitsAt,
} from "./survival-curve.js";

/** What is read of the minutes with open streams. */
export interface OpenMinutes {
  /** Two numbers a place: a minute, and its open streams. */
  readonly rows: Float64Array;
  /** The place of a minute is its last bits. */
  readonly mask: number;
  /** The minutes with open streams, the oldest first; `size` of them. */
  readonly minutes: Int32Array;
  readonly size: number;
  readonly survivals: Float64Array;
}

/** Before the shares stand their sums over the open streams, young and old. */
const YOUNG = 0;
const OLD = 2;
const FIRST_SHARE = 4;
const NEXT = 1;
/** From where the shares of a minute stand to where `rows` has its open streams. */
const TO_STREAMS = 1 - FIRST_SHARE;

/**
 * The shares of the streams of each minute that will still be open some time ahead, and their sums
 * over the open streams: at the step of age that they have reached, and at the next one. Starts and
 * ends of streams change the sums, so survivors are counted without going through the minutes.
 *
 * The shares of young streams are made anew at each step, those of old ones every five minutes. Of
 * the 105 minutes with open streams of an evening peak, 80 are old.
 */
export class ShareSums {
  /** Two numbers a place, after the sums. */
  private shares: Float64Array;
  private aheadMs = Number.NaN;
  private ahead = Number.NaN;
  /**
   * Streams of minute 0 were so many steps old, those of later ones less, when the shares of young
   * and of old streams were made. NaN: there are none.
   */
  private newest = Number.NaN;
  private newestOld = Number.NaN;
  /** The latest minute of the old streams. */
  private oldMinute = -1;

  /** `mask`: that of the minutes whose shares will be summed. */
  constructor(private mask: number) {
    this.shares = sharesFor(mask);
  }

  /** Whether survivors were last counted for this time ahead. */
  isFor(aheadMs: number): boolean {
    return aheadMs === this.aheadMs;
  }

  /** All shares are made anew when they are next read: the curve or the places are others. */
  clear(mask: number): void {
    this.newest = Number.NaN;
    this.newestOld = Number.NaN;
    if (mask === this.mask) return;
    this.mask = mask;
    this.shares = sharesFor(mask);
  }

  /** So many streams start in that minute, whose shares stand here; they end if it is negative. */
  add(minute: number, count: number): void {
    const { shares } = this;
    const sum = minute > this.oldMinute ? YOUNG : OLD;
    const at = this.sharesOf(minute);
    shares[sum] += count * shares[at];
    shares[sum + NEXT] += count * shares[at + NEXT];
  }

  /** Makes the shares of a minute in which no stream was open. */
  enlist(minute: number, survivals: Float64Array): void {
    if (Number.isNaN(this.newest)) return;
    if (minute > this.oldMinute) this.share(minute, this.newest, 1, survivals);
    else this.share(minute, this.newestOld, OLD_STRIDE, survivals);
  }

  /** Expected number of the streams, open at the step `at`, that are still open `aheadMs` later. */
  survivors(open: OpenMinutes, at: number, aheadMs: number): number {
    const newest = Math.floor(at);
    const newestOld = oldStepsAt(at);
    if (aheadMs !== this.aheadMs) this.lookAhead(aheadMs);
    if (newestOld !== this.newestOld) this.sumOld(open, newestOld);
    if (newest !== this.newest) this.sumYoung(open, newest);
    const { shares } = this;
    return survivorsOf(at, shares[YOUNG], shares[YOUNG + NEXT], shares[OLD], shares[OLD + NEXT]);
  }

  private sharesOf(minute: number): number {
    return FIRST_SHARE + ((minute & this.mask) << 1);
  }

  private lookAhead(aheadMs: number): void {
    this.aheadMs = aheadMs;
    this.ahead = binsAhead(aheadMs);
    this.clear(this.mask);
  }

  private sumOld({ rows, minutes, size, survivals }: OpenMinutes, newestOld: number): void {
    const { shares } = this;
    const oldMinute = oldMinuteAt(newestOld);
    this.newestOld = newestOld;
    this.oldMinute = oldMinute;
    let now = 0;
    let next = 0;
    for (let i = 0; i < size && minutes[i] <= oldMinute; i++) {
      const at = this.sharesOf(minutes[i]);
      this.share(minutes[i], newestOld, OLD_STRIDE, survivals);
      const streams = rows[at + TO_STREAMS];
      now += streams * shares[at];
      next += streams * shares[at + NEXT];
    }
    shares[OLD] = now;
    shares[OLD + NEXT] = next;
  }

  /** A step later on the same curve, the next shares are those of now. */
  private sumYoung({ rows, minutes, size, survivals }: OpenMinutes, newest: number): void {
    const { shares, ahead, oldMinute } = this;
    const isNext = this.newest === newest - 1;
    this.newest = newest;
    let now = 0;
    let next = 0;
    for (let i = size - 1; i >= 0 && minutes[i] > oldMinute; i--) {
      const minute = minutes[i];
      const at = this.sharesOf(minute);
      const steps = (newest - minute * STEPS_PER_BIN) | 0;
      const share = isNext ? shares[at + NEXT] : unitsAt(survivals, steps, ahead);
      const nextShare = unitsAt(survivals, (steps + 1) | 0, ahead);
      shares[at] = share;
      shares[at + NEXT] = nextShare;
      const streams = rows[at + TO_STREAMS];
      now += streams * share;
      next += streams * nextShare;
    }
    shares[YOUNG] = now;
    shares[YOUNG + NEXT] = next;
  }

  private share(minute: number, newest: number, stride: number, survivals: Float64Array): void {
    const at = this.sharesOf(minute);
    const steps = newest - minute * STEPS_PER_BIN;
    this.shares[at] = unitsAt(survivals, steps, this.ahead);
    this.shares[at + NEXT] = unitsAt(survivals, steps + stride, this.ahead);
  }
}

function sharesFor(mask: number): Float64Array {
  return new Float64Array(FIRST_SHARE + 2 * (mask + 1));
}
