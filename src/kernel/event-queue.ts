import { grown } from "../base/grown.js";
import { objectList } from "../base/object-list.js";
import { tooManyPending } from "./queue-growth.js";
import { earliestOfFour } from "./siblings.js";

/** 2²⁴ pending events take about 1 GB: a run that needs more is refused rather than crashed. */
const MAX_PENDING = 16_777_216;
/** Phases 0…7 above 50 bits of sequence: one float compares both, exactly (2⁵³). */
const SEQUENCE_SPAN = 1_125_899_906_842_624;
const LAST_GENERATION = 268_435_455;
/** Below this many tombstones a compaction costs more than it saves. */
const MIN_DEAD_TO_COMPACT = 64;

/** The root of the heap: in its place; popped, so its entry is void; or not yet sifted down. */
const RootState = { Settled: 0, Hole: 1, Unsifted: 2 } as const;
type RootState = (typeof RootState)[keyof typeof RootState];

export type Task = (argument: number) => void;

/**
 * Pending events, ordered by (timeMs, phase, sequence): a 4-ary heap over typed arrays. A popped
 * root leaves a hole, and the next push puts its event there. The root sifts down only when the
 * next event is read. Until then, a push that is earlier takes its place, and the other goes to
 * the end of the heap. So a handler that schedules a far event before a near one needs two short
 * sifts instead of two long ones (0.92 of the time of workload A). Payloads live in reused slots:
 * about 44 bytes per pending event, nothing per fired one. With 10,000 pending events cache misses
 * dominate, so times are apart from slots: a sift reads four times for each slot that it moves
 * (7 % saved). A cancelled event stays, without a task, until it is at the root, or a compaction.
 */
export class EventQueue {
  private capacity = 1024;
  /** Entry i of the heap: its time and its slot. */
  private times = new Float64Array(1024);
  private slots = new Int32Array(1024);
  private size = 0;
  private root: RootState = RootState.Settled;

  /** Undefined once cancelled. A fired event's task stays until its slot is used again. */
  private readonly tasks = objectList<Task | undefined>();
  /** Slot s: payload[2s] its argument, payload[2s + 1] its order, which only decides ties. */
  private payload = new Float64Array(2 * 1024);
  private generation = new Int32Array(1024);
  private free = new Int32Array(1024);
  private freeCount = 0;
  private slotsUsed = 0;

  private deadCount = 0;
  private sequence = 0;

  /** Time of the event that `push` adds. A float that is passed is boxed, at 16 bytes an event. */
  dueMs = Number.NaN;
  /** Time and argument of the event that `pop` returned last. */
  poppedTimeMs = Number.NaN;
  poppedArgument = Number.NaN;

  /** Events that will still fire. */
  get length(): number {
    return this.size - (this.root === RootState.Hole ? 1 : 0) - this.deadCount;
  }

  /** Adds an event at `dueMs`; returns its slot. Few callers want a handle, a boxed float. */
  push(phase: number, task: Task, argument: number): number {
    const slot = this.freeCount > 0 ? this.free[--this.freeCount] : this.newSlot();
    this.tasks[slot] = task;
    this.payload[2 * slot] = argument;
    const order = phase * SEQUENCE_SPAN + this.sequence++;
    this.payload[2 * slot + 1] = order;
    if (this.root === RootState.Hole) {
      this.root = RootState.Unsifted;
      this.put(slot, 0);
    } else {
      const last = this.size++;
      if (this.root === RootState.Unsifted && this.isBeforeRoot(order)) {
        this.move(0, last);
        this.put(slot, 0);
      } else this.put(slot, last);
      this.siftUp(last);
    }
    return slot;
  }

  /** The handle for `cancel` of the event that was just pushed to this slot. */
  handle(slot: number): number {
    return this.generation[slot] * MAX_PENDING + slot;
  }

  /** True if the event was pending; it is cancelled now. */
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

  /** Time of the next event that is not cancelled; Infinity without one. */
  nextTimeMs(): number {
    return this.settle() === undefined ? Number.POSITIVE_INFINITY : this.times[0];
  }

  /** Removes the next event due by `untilMs`. Returns its task, or undefined if there is none. */
  pop(untilMs = Number.POSITIVE_INFINITY): Task | undefined {
    const task = this.settle();
    if (task === undefined || this.times[0] > untilMs) return undefined;
    const slot = this.slots[0];
    this.poppedTimeMs = this.times[0];
    this.poppedArgument = this.payload[2 * slot];
    this.root = RootState.Hole;
    this.releaseSlot(slot);
    return task;
  }

  /** True if an event at `dueMs` with this order fires before the one at the root. */
  private isBeforeRoot(order: number): boolean {
    const rootMs = this.times[0];
    return this.dueMs < rootMs || (this.dueMs === rootMs && order < this.orderAt(0));
  }

  /** Puts the event at `dueMs` with this slot at position i of the heap, without a sift. */
  private put(slot: number, i: number): void {
    this.times[i] = this.dueMs;
    this.slots[i] = slot;
  }

  /** Settles the root, drops cancelled events. The root's task; undefined if none. */
  private settle(): Task | undefined {
    if (this.root !== RootState.Settled) this.settleRoot();
    while (this.size > 0) {
      const slot = this.slots[0];
      const task = this.tasks[slot];
      if (task !== undefined) return task;
      this.deadCount--;
      this.releaseSlot(slot);
      this.root = RootState.Hole;
      this.settleRoot();
    }
    return undefined;
  }

  private settleRoot(): void {
    if (this.root === RootState.Hole) this.move(--this.size, 0);
    this.root = RootState.Settled;
    this.siftDown(0);
  }

  /** Phase and sequence of an entry: decides between two at the same time. */
  private orderAt(i: number): number {
    return this.orderOf(this.slots[i]);
  }

  private orderOf(slot: number): number {
    return this.payload[2 * slot + 1];
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from];
    this.slots[to] = this.slots[from];
  }

  /**
   * Sifts the event at `start` up. Takes positions, since V8 may box a float argument (16 bytes
   * each). The sifts are not shared with small functions: those made workload A 10 % slower.
   */
  private siftUp(start: number): void {
    const { times, slots } = this;
    const timeMs = times[start];
    const slot = slots[start];
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      const parentTime = times[parent];
      if (parentTime < timeMs || (parentTime === timeMs && this.orderAt(parent) < this.orderOf(slot))) break;
      times[i] = parentTime;
      slots[i] = slots[parent];
      i = parent;
    }
    times[i] = timeMs;
    slots[i] = slot;
  }

  /** Sifts the event at `start` down. */
  private siftDown(start: number): void {
    const { times, slots, size } = this;
    const timeMs = times[start];
    const slot = slots[start];
    let i = start;
    for (let first = (4 * i + 1) | 0; first < size; first = (4 * i + 1) | 0) {
      const end = (first + 4) | 0;
      let child = end <= size ? earliestOfFour(times, first) : -1;
      if (child < 0) child = this.earliestOfFew(times, first, Math.min(end, size)) | 0;
      const childTime = times[child];
      if (childTime > timeMs || (childTime === timeMs && this.orderAt(child) > this.orderOf(slot))) break;
      times[i] = childTime;
      slots[i] = slots[child];
      i = child;
    }
    times[i] = timeMs;
    slots[i] = slot;
  }

  /** The first of the siblings from `first` to before `end`, by time, then by order. */
  private earliestOfFew(times: Float64Array, first: number, end: number): number {
    let child = first;
    for (let c = first + 1; c < end; c++) {
      const t = times[c];
      const best = times[child];
      if (t < best || (t === best && this.orderAt(c) < this.orderAt(child))) child = c;
    }
    return child;
  }

  /** Removes every tombstone and restores the heap in O(n). */
  private compact(): void {
    const from = this.root === RootState.Hole ? 1 : 0;
    this.root = RootState.Settled;
    let kept = 0;
    for (let i = from; i < this.size; i++) {
      const slot = this.slots[i];
      if (this.tasks[slot] === undefined) this.releaseSlot(slot);
      else this.move(i, kept++);
    }
    this.size = kept;
    this.deadCount = 0;
    for (let i = (kept - 2) >> 2; i >= 0; i--) this.siftDown(i);
  }

  private newSlot(): number {
    if (this.slotsUsed === this.capacity) this.grow();
    this.tasks.push(undefined);
    return this.slotsUsed++;
  }

  private releaseSlot(slot: number): void {
    this.generation[slot] = (this.generation[slot] + 1) & LAST_GENERATION;
    this.free[this.freeCount++] = slot;
  }

  private grow(): void {
    if (this.capacity >= MAX_PENDING) throw tooManyPending(MAX_PENDING);
    this.capacity *= 2;
    this.times = grown(this.times, new Float64Array(this.capacity));
    this.slots = grown(this.slots, new Int32Array(this.capacity));
    this.payload = grown(this.payload, new Float64Array(2 * this.capacity));
    this.generation = grown(this.generation, new Int32Array(this.capacity));
    this.free = grown(this.free, new Int32Array(this.capacity));
  }
}
