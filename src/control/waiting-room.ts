import { InputError } from "../base/errors.js";
import type { StreamRequest } from "../ports/fleet.js";
import { NO_TIMER, type TimerId } from "../ports/scheduler.js";

/**
 * 10 million waiting requests take about 2 GB. An unbounded waiting room that grows beyond this
 * ends the run with an InputError instead of a crash.
 */
const MAX_WAITING = 10_000_000;

/**
 * One waiting request, in a doubly linked list, so that an abandoned request leaves the middle in
 * O(1).
 */
export class WaitingEntry {
  previous: WaitingEntry | undefined;
  next: WaitingEntry | undefined;
  timer: TimerId = NO_TIMER;

  constructor(
    readonly request: StreamRequest,
    readonly key: number,
    readonly sequence: number,
  ) {}
}

/**
 * Requests without a slot, first come first served per (region, format) key. The bound covers all
 * keys together.
 */
export class WaitingRoom {
  private readonly heads: (WaitingEntry | undefined)[] = [];
  private readonly tails: (WaitingEntry | undefined)[] = [];
  private readonly counts: number[] = [];
  /** Per key: ∫ waiting dt in ms, and the instant of the last change. */
  private readonly integrals: Float64Array;
  private readonly changedAtMs: Float64Array;
  private total = 0;
  private sequence = 0;

  constructor(
    keyCount: number,
    private readonly capacity: number,
  ) {
    for (let key = 0; key < keyCount; key++) {
      this.heads.push(undefined);
      this.tails.push(undefined);
      this.counts.push(0);
    }
    this.integrals = new Float64Array(keyCount);
    this.changedAtMs = new Float64Array(keyCount);
  }

  get size(): number {
    return this.total;
  }

  get isFull(): boolean {
    return this.total >= this.capacity;
  }

  waiting(key: number): number {
    return this.counts[key];
  }

  waitingMs(key: number, nowMs: number): number {
    return this.integrals[key] + this.counts[key] * (nowMs - this.changedAtMs[key]);
  }

  enter(request: StreamRequest, key: number, nowMs: number): WaitingEntry {
    if (this.total >= MAX_WAITING) {
      throw new InputError({
        code: "HR1601",
        got: `more than ${MAX_WAITING} waiting requests`,
        expected: "a load that the fleet can serve, or a bounded waiting room",
        remedy: "Set gateway.waitingRoom or streams.patience, raise fleet.max, or lower the rate",
      });
    }
    const entry = new WaitingEntry(request, key, this.sequence++);
    const tail = this.tails[key];
    if (tail === undefined) this.heads[key] = entry;
    else {
      tail.next = entry;
      entry.previous = tail;
    }
    this.tails[key] = entry;
    this.change(key, 1, nowMs);
    return entry;
  }

  leave(entry: WaitingEntry, nowMs: number): void {
    if (entry.previous === undefined) this.heads[entry.key] = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next === undefined) this.tails[entry.key] = entry.previous;
    else entry.next.previous = entry.previous;
    this.change(entry.key, -1, nowMs);
  }

  /** The request that has waited longest among these keys. */
  eldest(keys: readonly number[]): WaitingEntry | undefined {
    let best: WaitingEntry | undefined;
    for (let i = 0; i < keys.length; i++) {
      const head = this.heads[keys[i]];
      if (head !== undefined && (best === undefined || head.sequence < best.sequence)) best = head;
    }
    return best;
  }

  /** Visits all waiting requests, key by key, the oldest first. */
  visit(each: (request: StreamRequest) => void): void {
    for (const head of this.heads) for (let entry = head; entry !== undefined; entry = entry.next) each(entry.request);
  }

  private change(key: number, delta: number, nowMs: number): void {
    this.integrals[key] += this.counts[key] * (nowMs - this.changedAtMs[key]);
    this.changedAtMs[key] = nowMs;
    this.counts[key] += delta;
    this.total += delta;
  }
}
