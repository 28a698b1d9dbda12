import { fail } from "../../base/assert.js";
import { grown } from "../../base/grown.js";
import { AGE_BIN_MS, binsAhead, SHARE_UNITS, STEPS_PER_BIN, stepsAt, unitsAt } from "./survival-curve.js";

const NONE = -1;
const FIRST_CAPACITY = 256;
/**
 * A row of eight numbers is a minute, its open streams, and for each of two looks ahead the shares
 * of them that will stay: at the steps of age that they have reached, and at the next one. Row 0
 * has the sums over the open streams in the places of the shares. Two numbers are unused: 64 bytes
 * are a cache line.
 */
const ROW_BITS = 3;
const ROW = 1 << ROW_BITS;
const OPEN = 1;
const SHARE = 2;
const NEXT_SHARE = 3;
/** From a number of the first look to that of the second. */
const SECOND = 2;

/** A time ahead at which survivors are counted: what sums and shares belong to. */
class Look {
  /**
   * Streams of minute 0 are so many whole steps old, those of later ones less. NaN: nothing is
   * summed.
   */
  newest = Number.NaN;
  aheadMs = Number.NaN;
}

/**
 * The open streams of one pool by the minute of their start, and how many of them will stay. The
 * minutes with open streams stand in a list from the oldest to the newest: of the 500 minutes up to
 * the oldest stream of an evening peak, 105 have one.
 *
 * Streams that start or end change the sums of shares. So a count of survivors reads two sums, and
 * goes through the minutes only twice a minute. When it did so each time, it took 3 % of a
 * predictive run.
 */
export class StartMinutes {
  /** Minute m is in row 1 + m modulo `mask` + 1, a power of two above the age of the oldest. */
  private rows = new Float64Array(ROW * (1 + FIRST_CAPACITY));
  private mask = FIRST_CAPACITY - 1;
  /** The minutes with open streams, the oldest first. */
  private minutes: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** Minutes with open streams. */
  size = 0;
  private survivals: Float64Array = Float64Array.of(1);
  private readonly first = new Look();
  /** For a second time ahead at one instant: a policy with a warm pool asks for two. */
  private readonly second = new Look();
  private hasSecond = false;
  private askedAtMs = Number.NaN;

  /** The oldest minute with an open stream; −1 = none. */
  get oldest(): number {
    return this.size === 0 ? NONE : this.minutes[0];
  }

  /** Survivors are counted on this curve from now on. Its numbers may be new while it is not. */
  read(survivals: Float64Array): void {
    this.survivals = survivals;
    this.first.newest = Number.NaN;
    this.second.newest = Number.NaN;
  }

  /** So many streams start in that minute. */
  start(minute: number, count: number): void {
    const row = this.rowOf(minute);
    const { rows } = this;
    if (rows[row + OPEN] === 0) this.enlist(minute, row);
    rows[row + OPEN] += count;
    for (let at = SHARE; at < SHARE + 4; at++) rows[at] += count * rows[row + at];
  }

  /** A stream that started in that minute ends. */
  end(minute: number): void {
    const row = this.placeOf(minute);
    const { rows } = this;
    const left = rows[row + OPEN] - 1;
    if (rows[row] !== minute || left < 0) fail(`a stream ends that started in minute ${minute}, when none is open`);
    rows[row + OPEN] = left;
    rows[SHARE] -= rows[row + SHARE];
    rows[NEXT_SHARE] -= rows[row + NEXT_SHARE];
    if (this.hasSecond) this.endSecond(row);
    if (left === 0) this.delist(minute);
  }

  private endSecond(row: number): void {
    const { rows } = this;
    rows[SECOND + SHARE] -= rows[row + SECOND + SHARE];
    rows[SECOND + NEXT_SHARE] -= rows[row + SECOND + NEXT_SHARE];
  }

  /**
   * Writes each minute with open streams and their number, from the oldest on, to `pairs` from `at`
   * on. Returns where it stopped: at + 2 · size.
   */
  write(pairs: Int32Array, at: number): number {
    const { rows, minutes, size } = this;
    for (let i = 0; i < size; i++) {
      pairs[at++] = minutes[i];
      pairs[at++] = rows[this.rowOf(minutes[i]) + OPEN];
    }
    return at;
  }

  /**
   * Adds the number of open streams of each age to `openAt`, whose last entry also counts all
   * greater ages. The age is that of the minute's middle. That of its beginning would put half of
   * the streams a bin too high.
   */
  countByAge(openAt: Float64Array, nowMs: number): void {
    const { rows, minutes, size } = this;
    const newest = Math.floor(nowMs / AGE_BIN_MS - 0.5);
    const last = openAt.length - 1;
    for (let i = 0; i < size; i++) {
      const age = Math.min(last, Math.max(0, newest - minutes[i]));
      openAt[age] += rows[this.rowOf(minutes[i]) + OPEN];
    }
  }

  /** Expected number of the streams, open at `atMs`, that are still open `aheadMs` later. */
  survivors(atMs: number, aheadMs: number): number {
    const at = stepsAt(atMs);
    const newest = Math.floor(at);
    const isSecond = atMs === this.askedAtMs && aheadMs !== this.first.aheadMs;
    const look = isSecond ? this.second : this.first;
    const place = isSecond ? SECOND : 0;
    this.askedAtMs = atMs;
    if (look.newest !== newest || look.aheadMs !== aheadMs) {
      if (isSecond) this.hasSecond = true;
      this.sum(look, place, newest, aheadMs);
    }
    const { rows } = this;
    const now = rows[place + SHARE];
    return (now + (rows[place + NEXT_SHARE] - now) * (at - newest)) / SHARE_UNITS;
  }

  /**
   * Sums the shares of all minutes anew. A step later on the same curve, the next shares are those
   * of now.
   */
  private sum(look: Look, place: number, newest: number, aheadMs: number): void {
    const { rows, minutes, size, survivals } = this;
    const isNext = look.newest === newest - 1 && look.aheadMs === aheadMs;
    look.newest = newest;
    look.aheadMs = aheadMs;
    const ahead = binsAhead(aheadMs);
    let now = 0;
    let next = 0;
    for (let i = 0; i < size; i++) {
      const minute = minutes[i];
      const row = this.placeOf(minute);
      const at = row + place;
      const steps = (newest - minute * STEPS_PER_BIN) | 0;
      const share = isNext ? rows[at + NEXT_SHARE] : unitsAt(survivals, steps, ahead);
      const nextShare = unitsAt(survivals, (steps + 1) | 0, ahead);
      rows[at + SHARE] = share;
      rows[at + NEXT_SHARE] = nextShare;
      const open = rows[row + OPEN];
      now += open * share;
      next += open * nextShare;
    }
    rows[place + SHARE] = now;
    rows[place + NEXT_SHARE] = next;
  }

  /** Where the minute's row begins, after it was made its own. */
  private rowOf(minute: number): number {
    const row = this.placeOf(minute);
    return this.rows[row] === minute ? row : this.claim(minute);
  }

  private placeOf(minute: number): number {
    return ((minute & this.mask) + 1) << ROW_BITS;
  }

  /** The room doubles while another minute has open streams in that row. */
  private claim(minute: number): number {
    while (this.rows[this.placeOf(minute) + OPEN] > 0) this.grow();
    const row = this.placeOf(minute);
    this.rows[row] = minute;
    return row;
  }

  /** Rows that did not collide do not collide in twice the room. */
  private grow(): void {
    const { rows, minutes, size } = this;
    const room = new Float64Array(ROW * (1 + 2 * (this.mask + 1)));
    room.set(rows.subarray(0, ROW));
    const places = Array.from(minutes.subarray(0, size), (minute) => this.placeOf(minute));
    this.mask = 2 * this.mask + 1;
    places.forEach((row, i) => {
      room.set(rows.subarray(row, row + ROW), this.placeOf(minutes[i]));
    });
    this.rows = room;
  }

  /** Streams start now, so a minute nearly always comes last. */
  private enlist(minute: number, row: number): void {
    if (this.size === this.minutes.length) this.minutes = grown(this.minutes, new Int32Array(2 * this.size));
    const { minutes } = this;
    let at = this.size++;
    for (; at > 0 && minutes[at - 1] > minute; at--) minutes[at] = minutes[at - 1];
    minutes[at] = minute;
    this.share(this.first, minute, row);
    this.share(this.second, minute, row + SECOND);
  }

  private share({ newest, aheadMs }: Look, minute: number, at: number): void {
    if (Number.isNaN(newest)) return;
    const ahead = binsAhead(aheadMs);
    const steps = newest - minute * STEPS_PER_BIN;
    this.rows[at + SHARE] = unitsAt(this.survivals, steps, ahead);
    this.rows[at + NEXT_SHARE] = unitsAt(this.survivals, steps + 1, ahead);
  }

  private delist(minute: number): void {
    const { minutes } = this;
    let at = 0;
    while (minutes[at] !== minute) at++;
    minutes.copyWithin(at, at + 1, this.size);
    this.size--;
  }
}
