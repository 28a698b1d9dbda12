import { grown, tooManyPending } from "./queue-growth.js";

/** 2²⁴ pending events take about 1 GB: a run that needs more is refused rather than crashed. */
const MAX_PENDING = 16_777_216;
/** Phases 0…7 above 50 bits of sequence: one float compares both, exactly (2⁵³). */
const SEQUENCE_SPAN = 1_125_899_906_842_624;
const LAST_GENERATION = 268_435_455;
/** Below this many tombstones a compaction costs more than it saves. */
const MIN_DEAD_TO_COMPACT = 64;

export type Task = (argument: number) => void;

/**
 * Pending events, ordered by (timeMs, phase, sequence): a 4-ary heap over typed arrays. A popped
 * root leaves a hole, which the next push fills: most handlers schedule exactly one event, so this
 * saves one sift in two. Payloads live in reused slots: about 44 bytes per pending event, nothing
 * per fired one. With 10,000 pending events cache misses dominate, so times are apart from slots: a
 * sift reads four times for each slot that it moves (that saved 7 % of a push and a pop). A
 * cancelled event stays as a slot without a task, until it reaches the root or until cancelled
 * events outnumber pending ones. Then the heap is compacted.
 */
export class EventQueue {
  private capacity = 1024;
  /** Entry i of the heap: its time and its slot. */
  private times = new Float64Array(1024);
  private slots = new Int32Array(1024);
  private size = 0;
  private rootIsHole = false;

  /** Undefined once cancelled. A fired event's task stays until its slot is used again. */
  private readonly tasks: (Task | undefined)[] = [];
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
  poppedTimeMs = 0;
  poppedArgument = 0;

  /** Events that will still fire. */
  get length(): number {
    return this.size - (this.rootIsHole ? 1 : 0) - this.deadCount;
  }

  /** Adds an event at `dueMs`; returns its slot. Few callers want a handle, a boxed float. */
  push(phase: number, task: Task, argument: number): number {
    const slot = this.freeCount > 0 ? this.free[--this.freeCount] : this.newSlot();
    this.tasks[slot] = task;
    this.payload[2 * slot] = argument;
    this.payload[2 * slot + 1] = phase * SEQUENCE_SPAN + this.sequence++;
    if (this.rootIsHole) {
      this.rootIsHole = false;
      this.times[0] = this.dueMs;
      this.slots[0] = slot;
      this.siftDown(0);
    } else {
      this.times[this.size] = this.dueMs;
      this.slots[this.size] = slot;
      this.siftUp(this.size++);
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
    this.rootIsHole = true;
    this.releaseSlot(slot);
    return task;
  }

  /** Fills the hole at the root, drops cancelled events. The root's task; undefined if none. */
  private settle(): Task | undefined {
    if (this.rootIsHole) this.fillRoot();
    while (this.size > 0) {
      const slot = this.slots[0];
      const task = this.tasks[slot];
      if (task !== undefined) return task;
      this.deadCount--;
      this.releaseSlot(slot);
      this.fillRoot();
    }
    return undefined;
  }

  private fillRoot(): void {
    this.rootIsHole = false;
    this.size--;
    if (this.size === 0) return;
    this.move(this.size, 0);
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
    for (let first = 4 * i + 1; first < size; first = 4 * i + 1) {
      const child = first + 3 < size ? this.earliestOfFour(times, first) : this.earliestOfFew(times, first, size);
      const childTime = times[child];
      if (childTime > timeMs || (childTime === timeMs && this.orderAt(child) > this.orderOf(slot))) break;
      times[i] = childTime;
      slots[i] = slots[child];
      i = child;
    }
    times[i] = timeMs;
    slots[i] = slot;
  }

  /**
   * The earliest of four siblings, without a branch on which one it is: the processor mispredicted
   * every second such branch: half the time of a push. `earliestOfFew` handles the rare ties.
   */
  private earliestOfFour(times: Float64Array, first: number): number {
    const t0 = times[first];
    const t1 = times[first + 1];
    const t2 = times[first + 2];
    const t3 = times[first + 3];
    const a = asBit(t1 < t0);
    const b = 2 + asBit(t3 < t2);
    const ta = times[first + a];
    const tb = times[first + b];
    if (ta === tb || t0 === t1 || t2 === t3) return this.earliestOfFew(times, first, first + 4);
    return first + a + asBit(tb < ta) * (b - a);
  }

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
    const from = this.rootIsHole ? 1 : 0;
    this.rootIsHole = false;
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

/** 1 or 0. `Number(…)` would be a call, and `? 1 : 0` a branch. */
function asBit(condition: boolean): number {
  return (condition as unknown as number) | 0;
}
