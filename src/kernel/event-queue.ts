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
 * in slots that are reused: about 48 bytes a pending event, nothing per fired event. A cancelled event stays as a tombstone until
 * it reaches the root or tombstones outnumber the living, then the heap is compacted.
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
  private dead = new Uint8Array(1024);
  private free = new Int32Array(1024);
  private freeCount = 0;
  private slotsUsed = 0;

  private deadCount = 0;
  private sequence = 0;

  /** Time and slot payload of the event that `pop` returned last. */
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
    const order = phase * SEQUENCE_SPAN + this.sequence++;
    if (this.rootIsHole) {
      this.rootIsHole = false;
      this.siftDown(0, timeMs, order, slot);
    } else {
      this.siftUp(this.size++, timeMs, order, slot);
    }
    return this.generation[slot] * MAX_PENDING + slot;
  }

  /** True if the event was pending and is now dead. */
  cancel(handle: number): boolean {
    if (handle < 0) return false;
    const slot = handle % MAX_PENDING;
    const generation = (handle - slot) / MAX_PENDING;
    if (slot >= this.slotsUsed || this.generation[slot] !== generation || this.dead[slot] === 1) return false;
    if (this.tasks[slot] === undefined) return false;
    this.dead[slot] = 1;
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

  /** Removes the next living event and returns its task, or undefined when there is none. */
  pop(): Task | undefined {
    this.settle();
    if (this.size === 0) return undefined;
    const slot = this.heapSlot[0];
    this.poppedTimeMs = this.heapTimeMs[0];
    this.poppedArgument = this.argument[slot];
    const task = this.tasks[slot];
    this.rootIsHole = true;
    this.releaseSlot(slot);
    return task;
  }

  /** Fills the root's hole and drops tombstones from the top, so that the root lives. */
  private settle(): void {
    for (;;) {
      if (this.rootIsHole) {
        this.rootIsHole = false;
        const last = --this.size;
        if (last > 0) this.siftDown(0, this.heapTimeMs[last], this.heapOrder[last], this.heapSlot[last]);
      }
      if (this.size === 0) return;
      const slot = this.heapSlot[0];
      if (this.dead[slot] === 0) return;
      this.deadCount--;
      this.releaseSlot(slot);
      this.rootIsHole = true;
    }
  }

  private siftUp(start: number, timeMs: number, order: number, slot: number): void {
    const times = this.heapTimeMs;
    const orders = this.heapOrder;
    const slots = this.heapSlot;
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

  private siftDown(start: number, timeMs: number, order: number, slot: number): void {
    const times = this.heapTimeMs;
    const orders = this.heapOrder;
    const slots = this.heapSlot;
    const size = this.size;
    let i = start;
    for (;;) {
      const first = (i << 2) + 1;
      if (first >= size) break;
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
      if (this.dead[slot] === 1) {
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
    for (let i = (kept - 2) >> 2; i >= 0; i--) {
      this.siftDown(i, this.heapTimeMs[i], this.heapOrder[i], this.heapSlot[i]);
    }
  }

  private takeSlot(): number {
    if (this.freeCount > 0) return this.free[--this.freeCount];
    if (this.slotsUsed === this.capacity) this.grow();
    this.tasks.push(undefined);
    return this.slotsUsed++;
  }

  private releaseSlot(slot: number): void {
    this.tasks[slot] = undefined;
    this.dead[slot] = 0;
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
    this.dead = grown(this.dead, new Uint8Array(this.capacity));
    this.free = grown(this.free, new Int32Array(this.capacity));
  }
}

function grown<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
