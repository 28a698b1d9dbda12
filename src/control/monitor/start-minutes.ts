import { fail } from "../../base/assert.js";
import { grown } from "../../base/grown.js";
import { type OpenMinutes, ShareSums } from "./share-sums.js";
import { AGE_BIN_MS, stepsAt } from "./survival-curve.js";

const NONE = -1;
const FIRST_CAPACITY = 256;
/** From the place of a minute to its open streams. */
const OPEN = 1;

/**
 * The open streams of one pool by the minute of their start, and how many of them will stay. The
 * minutes with open streams stand in a list from the oldest to the newest: of the 500 minutes up to
 * the oldest stream of an evening peak, 105 have one.
 */
export class StartMinutes implements OpenMinutes {
  /**
   * Two numbers a place, a minute and its open streams. Minute m has the place m modulo `mask` + 1,
   * a power of two above the age of the oldest.
   */
  rows = new Float64Array(2 * FIRST_CAPACITY);
  mask = FIRST_CAPACITY - 1;
  /** The minutes with open streams, the oldest first. */
  minutes: Int32Array = new Int32Array(FIRST_CAPACITY);
  /** Minutes with open streams. */
  size = 0;
  survivals: Float64Array = Float64Array.of(1);
  private readonly first = new ShareSums(this.mask);
  /** For a second time ahead at one instant: a policy with a warm pool asks for two. */
  private second: ShareSums | undefined;
  private askedAtMs = Number.NaN;

  /** The oldest minute with an open stream; −1 = none. */
  get oldest(): number {
    return this.size === 0 ? NONE : this.minutes[0];
  }

  /** Survivors are counted on this curve from now on. Its numbers may be new while it is not. */
  read(survivals: Float64Array): void {
    this.survivals = survivals;
    this.first.clear(this.mask);
    this.second?.clear(this.mask);
  }

  /** So many streams start in that minute. */
  start(minute: number, count: number): void {
    const place = this.ownPlace(minute);
    const { rows } = this;
    if (rows[place + OPEN] === 0) this.enlist(minute);
    rows[place + OPEN] += count;
    this.first.add(minute, count);
    this.second?.add(minute, count);
  }

  /** A stream that started in that minute ends. */
  end(minute: number): void {
    const { rows } = this;
    const place = this.placeOf(minute);
    const left = rows[place + OPEN] - 1;
    if (rows[place] !== minute || left < 0) fail(`a stream ends that started in minute ${minute}, when none is open`);
    rows[place + OPEN] = left;
    this.first.add(minute, -1);
    if (this.second !== undefined) this.second.add(minute, -1);
    if (left === 0) this.delist(minute);
  }

  /**
   * Writes each minute with open streams and their number, from the oldest on, to `pairs` from `at`
   * on. Returns where it stopped: at + 2 · size.
   */
  write(pairs: Int32Array, at: number): number {
    const { rows, minutes, size } = this;
    for (let i = 0; i < size; i++) {
      pairs[at++] = minutes[i];
      pairs[at++] = rows[this.placeOf(minutes[i]) + OPEN];
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
      openAt[age] += rows[this.placeOf(minutes[i]) + OPEN];
    }
  }

  /** Expected number of the streams, open at `atMs`, that are still open `aheadMs` later. */
  survivors(atMs: number, aheadMs: number): number {
    const isSecond = atMs === this.askedAtMs && !this.first.isFor(aheadMs);
    this.askedAtMs = atMs;
    return (isSecond ? this.secondSums() : this.first).survivors(this, stepsAt(atMs), aheadMs);
  }

  private secondSums(): ShareSums {
    this.second ??= new ShareSums(this.mask);
    return this.second;
  }

  private placeOf(minute: number): number {
    return (minute & this.mask) << 1;
  }

  /** The place of a minute, after it was made its own. */
  private ownPlace(minute: number): number {
    const place = this.placeOf(minute);
    return this.rows[place] === minute ? place : this.claim(minute);
  }

  /** The room doubles while another minute has open streams in that place. */
  private claim(minute: number): number {
    while (this.rows[this.placeOf(minute) + OPEN] > 0) this.grow();
    const place = this.placeOf(minute);
    this.rows[place] = minute;
    return place;
  }

  /** Minutes that did not collide do not collide in twice the room. */
  private grow(): void {
    const { rows, minutes, size } = this;
    const places = Array.from(minutes.subarray(0, size), (minute) => this.placeOf(minute));
    this.mask = 2 * this.mask + 1;
    this.rows = new Float64Array(2 * (this.mask + 1));
    places.forEach((place, i) => {
      this.rows.set(rows.subarray(place, place + 2), this.placeOf(minutes[i]));
    });
    this.read(this.survivals);
  }

  /** Streams start now, so a minute nearly always comes last. */
  private enlist(minute: number): void {
    if (this.size === this.minutes.length) this.minutes = grown(this.minutes, new Int32Array(2 * this.size));
    const { minutes } = this;
    let at = this.size++;
    for (; at > 0 && minutes[at - 1] > minute; at--) minutes[at] = minutes[at - 1];
    minutes[at] = minute;
    this.first.enlist(minute, this.survivals);
    this.second?.enlist(minute, this.survivals);
  }

  private delist(minute: number): void {
    const { minutes } = this;
    let at = 0;
    while (minutes[at] !== minute) at++;
    minutes.copyWithin(at, at + 1, this.size);
    this.size--;
  }
}
