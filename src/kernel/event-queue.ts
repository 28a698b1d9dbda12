import { InputError } from "../base/errors.js";

/** 2²⁴ pending events take about 1 GB: a run that needs more is refused rather than crashed. */
const MAX_PENDING = 16_777_216;
/** Phases 0…7 above 50 bits of sequence: one float compares both, exactly (2⁵³). */
const SEQUENCE_SPAN = 1_125_899_906_842_624;
const GENERATION_SPAN = 268_435_456;
/** Below this many tombstones a compaction costs more than it saves. */
const MIN_DEAD_TO_COMPACT = 64;

export type Task = (argument: number) => void;

/**
 * Pending events, ordered by (timeMs, phase, sequence). A 4-ary heap over typed arrays whose root is lazy: a popped root leaves a
 * hole that the next push fills, since most handlers schedule exactly one successor (saves one sift in two). Payloads live
 * in slots that are reused: about 48 bytes a pending event, nothing per fired event. A cancelled event stays as a tombstone (a slot in
 * the heap without a task) until it reaches the root or tombstones outnumber the living, then the heap is compacted.
 */
export class EventQueue {
  private capacity = 1024;
  private heapTimeMs = new Float64Array(1024);
  private heapOrder = new Float64Array(1024);
  private heapSlot = new Int32Array(1024);
  private size = 0;
  private rootIsHole = false;

  private readonly tasks: (Task | undefined)[] = [];
  private argument = new Float64Array(1024);
  private generation = new Int32Array(1024);
  private free = new Int32Array(1024);
  private freeCount = 0;
  private slotsUsed = 0;

  private deadCount = 0;
  private sequence = 0;

  /** Time and argument of the event that `pop` returned last. */
  poppedTimeMs = 0;
  poppedArgument = 0;

  /** Events that will still fire. */
  get length(): number {
    return this.size - (this.rootIsHole ? 1 : 0) - this.deadCount;
  }

  /** Adds an event; returns a handle for `cancel`. */
  push(timeMs: number, phase: number, task: Task, argument: number): number {
    const slot = this.takeSlot();
    this.tasks[slot] = task;
    this.argument[slot] = argument;
    const at = this.rootIsHole ? 0 : this.size++;
    this.heapTimeMs[at] = timeMs;
    this.heapOrder[at] = phase * SEQUENCE_SPAN + this.sequence++;
    this.heapSlot[at] = slot;
    if (this.rootIsHole) {
      this.rootIsHole = false;
      this.siftDown(0);
    } else {
      this.siftUp(at);
    }
    return this.generation[slot] * MAX_PENDING + slot;
  }

  /** True if the event was pending and is now dead. */
  cancel(handle: number): boolean {
    if (handle < 0) return false;
    const slot = handle % MAX_PENDING;
    const generation = (handle - slot) / MAX_PENDING;
    if (slot >= this.slotsUsed || this.generation[slot] !== generation || this.tasks[slot] === undefined) return false;
    this.tasks[slot] = undefined;
    this.deadCount++;
    if (this.deadCount > MIN_DEAD_TO_COMPACT && this.deadCount > this.length) this.compact();
    return true;
  }

  /** Time of the next living event; Infinity when there is none. */
  nextTimeMs(): number {
    this.settle();
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.heapTimeMs[0];
  }

  /** Removes the next living event, if it is due by `untilMs`, and returns its task; undefined when there is none. */
  pop(untilMs = Number.POSITIVE_INFINITY): Task | undefined {
    this.settle();
    if (this.size === 0) return undefined;
    const timeMs = this.heapTimeMs[0];
    if (timeMs > untilMs) return undefined;
    const slot = this.heapSlot[0];
    this.poppedTimeMs = timeMs;
    this.poppedArgument = this.argument[slot];
    this.rootIsHole = true;
    const task = this.tasks[slot];
    this.releaseSlot(slot);
    return task;
  }

  /** Fills the root's hole and drops tombstones from the top, so that the root lives. */
  private settle(): void {
    for (;;) {
      if (this.rootIsHole) {
        this.rootIsHole = false;
        const last = --this.size;
        if (last > 0) this.sinkLast(last);
      }
      if (this.size === 0) return;
      const slot = this.heapSlot[0];
      if (this.tasks[slot] !== undefined) return;
      this.deadCount--;
      this.releaseSlot(slot);
      this.rootIsHole = true;
    }
  }

  /**
   * Moves the heap's last event, now beyond its end, into the hole at the root. It belongs near the bottom nearly always, so the hole goes
   * down to a leaf without a look at it, and it rises from there (Floyd's variant; Wegener 1993): one comparison less per level.
   */
  private sinkLast(last: number): void {
    const times = this.heapTimeMs;
    const orders = this.heapOrder;
    const slots = this.heapSlot;
    let hole = 0;
    for (let first = 1; first < last; first = (hole << 2) + 1) {
      const child = this.earliestChild(first, last);
      times[hole] = times[child];
      orders[hole] = orders[child];
      slots[hole] = slots[child];
      hole = child;
    }
    times[hole] = times[last];
    orders[hole] = orders[last];
    slots[hole] = slots[last];
    this.siftUp(hole);
  }

  /** The earliest of the up to four children from `first` on, in a heap of `size`. */
  private earliestChild(first: number, size: number): number {
    const times = this.heapTimeMs;
    const orders = this.heapOrder;
    const end = first + 4 < size ? first + 4 : size;
    let child = first;
    let childTime = times[first];
    for (let c = first + 1; c < end; c++) {
      const t = times[c];
      if (t < childTime || (t === childTime && orders[c] < orders[child])) {
        child = c;
        childTime = t;
      }
    }
    return child;
  }

  /** Lets the event at `start` rise to its place. The sifts take positions: floats handed to a function may be boxed, 16 bytes each. */
  private siftUp(start: number): void {
    const times = this.heapTimeMs;
    const orders = this.heapOrder;
    const slots = this.heapSlot;
    const timeMs = times[start];
    const order = orders[start];
    const slot = slots[start];
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      const parentTime = times[parent];
      if (parentTime < timeMs || (parentTime === timeMs && orders[parent] < order)) break;
      times[i] = parentTime;
      orders[i] = orders[parent];
      slots[i] = slots[parent];
      i = parent;
    }
    times[i] = timeMs;
    orders[i] = order;
    slots[i] = slot;
  }

  /** Lets the event at `start` sink to its place. */
  private siftDown(start: number): void {
    const times = this.heapTimeMs;
    const orders = this.heapOrder;
    const slots = this.heapSlot;
    const size = this.size;
    const timeMs = times[start];
    const order = orders[start];
    const slot = slots[start];
    let i = start;
    for (let first = (i << 2) + 1; first < size; first = (i << 2) + 1) {
      const child = this.earliestChild(first, size);
      const childTime = times[child];
      if (childTime > timeMs || (childTime === timeMs && orders[child] > order)) break;
      times[i] = childTime;
      orders[i] = orders[child];
      slots[i] = slots[child];
      i = child;
    }
    times[i] = timeMs;
    orders[i] = order;
    slots[i] = slot;
  }

  /** Removes every tombstone and restores the heap in O(n). */
  private compact(): void {
    const from = this.rootIsHole ? 1 : 0;
    this.rootIsHole = false;
    let kept = 0;
    for (let i = from; i < this.size; i++) {
      const slot = this.heapSlot[i];
      if (this.tasks[slot] === undefined) {
        this.releaseSlot(slot);
        continue;
      }
      this.heapTimeMs[kept] = this.heapTimeMs[i];
      this.heapOrder[kept] = this.heapOrder[i];
      this.heapSlot[kept] = slot;
      kept++;
    }
    this.size = kept;
    this.deadCount = 0;
    for (let i = (kept - 2) >> 2; i >= 0; i--) this.siftDown(i);
  }

  private takeSlot(): number {
    if (this.freeCount > 0) return this.free[--this.freeCount];
    if (this.slotsUsed === this.capacity) this.grow();
    this.tasks.push(undefined);
    return this.slotsUsed++;
  }

  private releaseSlot(slot: number): void {
    this.tasks[slot] = undefined;
    this.generation[slot] = (this.generation[slot] + 1) % GENERATION_SPAN;
    this.free[this.freeCount++] = slot;
  }

  private grow(): void {
    if (this.capacity >= MAX_PENDING) {
      throw new InputError({
        got: `more than ${MAX_PENDING} pending events`,
        expected: "a scenario whose open streams and timers fit into memory",
        remedy: "Lower the rate or the holding time, bound the waiting room, or shorten the run",
      });
    }
    this.capacity *= 2;
    this.heapTimeMs = grown(this.heapTimeMs, new Float64Array(this.capacity));
    this.heapOrder = grown(this.heapOrder, new Float64Array(this.capacity));
    this.heapSlot = grown(this.heapSlot, new Int32Array(this.capacity));
    this.argument = grown(this.argument, new Float64Array(this.capacity));
    this.generation = grown(this.generation, new Int32Array(this.capacity));
    this.free = grown(this.free, new Int32Array(this.capacity));
  }
}

function grown<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
