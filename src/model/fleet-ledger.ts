import { fail } from "../base/assert.js";
import { FLOAT_ZERO } from "../base/float-zero.js";
import { objectList } from "../base/object-list.js";
import {
  type FleetListener,
  MAX_STREAMLETS,
  type StopReason,
  type StreamEnd,
  type StreamletId,
  type StreamRequest,
  streamletId,
  streamletSlot,
} from "../ports/fleet.js";
import { Phase, type Scheduler } from "../ports/scheduler.js";

/** The record that a fleet keeps of one streamlet; each fleet adds what it needs. */
export class FleetEntry {
  state: "starting" | "ready" | "draining" = "starting";
  /** Open streams. */
  open = 0;
  /** It begins as a float, since 0 at t=0 would not. */
  readonly launchedAtMs: number = Number.NaN;

  constructor(
    readonly id: StreamletId,
    readonly pool: number,
    launchedAtMs: number,
  ) {
    this.launchedAtMs = launchedAtMs;
  }
}

/**
 * Who ended a streamlet: the control plane (retired, drained) or a failure (its process is gone).
 */
export type EndedBy = "control" | "world";

/**
 * The state of a fleet: ids, states, open streams, lifetimes, and the order of the reports.
 * SimFleet and ProcessFleet both keep it here, so that the simulated and the real fleet cannot
 * differ in it. It calls the listener from kernel tasks only.
 */
export class FleetLedger<E extends FleetEntry> {
  /** Open streams over all streamlets. */
  open = 0;
  private readonly bySlot = objectList<E | undefined>();
  private readonly generations: number[] = [];
  private readonly freeSlots: number[] = [];
  private listener: FleetListener | undefined;
  private alive = 0;
  private endedLifetimesMs = FLOAT_ZERO;

  constructor(
    private readonly scheduler: Scheduler,
    /** Called when a streamlet leaves the ledger, before the listener gets the report. */
    private readonly onLeave: (entry: E, reason: StopReason, by: EndedBy) => void,
    /** Most streamlets at once. */
    private readonly room = MAX_STREAMLETS,
  ) {}

  subscribe(listener: FleetListener): void {
    this.listener = listener;
  }

  get hasRoom(): boolean {
    return this.alive < this.room;
  }

  /**
   * The id of the next streamlet: a free slot and its next generation. Each id must be followed by
   * its `add`.
   */
  nextId(): StreamletId {
    const slot = this.freeSlots.pop() ?? this.bySlot.push(undefined) - 1;
    this.generations[slot] = (this.generations[slot] ?? -1) + 1;
    return streamletId(slot, this.generations[slot]);
  }

  add(entry: E): void {
    this.bySlot[streamletSlot(entry.id)] = entry;
    this.alive++;
  }

  /** Undefined for an id whose streamlet has ended. */
  find(id: StreamletId): E | undefined {
    const entry = this.bySlot[streamletSlot(id)];
    return entry !== undefined && entry.id === id ? entry : undefined;
  }

  get(id: StreamletId): E {
    const entry = this.bySlot[streamletSlot(id)];
    if (entry === undefined || entry.id !== id) fail(`streamlet ${id} is not alive`);
    return entry;
  }

  inSlot(slot: number): E | undefined {
    return this.bySlot[slot];
  }

  forEach(visit: (entry: E) => void): void {
    for (const entry of this.bySlot) if (entry !== undefined) visit(entry);
  }

  becomeReady(entry: E): void {
    entry.state = "ready";
    this.listener?.onReady(entry.id);
  }

  /** An empty one ends at this instant, but in a separate task. */
  drain(id: StreamletId): void {
    const entry = this.get(id);
    if (entry.state === "starting") fail(`streamlet ${id} was drained before it was ready`);
    entry.state = "draining";
    if (entry.open === 0) this.scheduler.schedule(0, Phase.Departure, this.onDrained, id);
  }

  undrain(id: StreamletId): void {
    this.get(id).state = "ready";
  }

  /** Ends a streamlet that carries nothing. */
  terminate(id: StreamletId, reason: StopReason): void {
    const entry = this.get(id);
    if (entry.open > 0) fail(`streamlet ${id} was terminated (${reason}) with ${entry.open} open streams`);
    this.leave(entry, reason, "control");
  }

  openStream(entry: E): void {
    if (entry.state === "starting") fail(`streamlet ${entry.id} was given a stream before it was ready`);
    entry.open++;
    this.open++;
  }

  endStream(entry: E, request: StreamRequest, end: StreamEnd, degraded: boolean): void {
    entry.open--;
    this.open--;
    this.listener?.onStreamEnded(entry.id, request, end, degraded);
    if (entry.state === "draining") this.finishDrain(entry.id);
  }

  /**
   * The streamlet is gone at once; then each of its streams is reported as interrupted, in the
   * order of `streams`. `isDegraded` takes the position in `streams`.
   */
  stop(entry: E, reason: StopReason, streams: readonly StreamRequest[], isDegraded: (at: number) => boolean): void {
    if (streams.length !== entry.open)
      fail(`streamlet ${entry.id} carries ${entry.open} streams, not ${streams.length}`);
    this.open -= entry.open;
    entry.open = 0;
    this.leave(entry, reason, "world");
    this.listener?.onStopped(entry.id, reason);
    streams.forEach((request, at) => {
      this.listener?.onStreamEnded(entry.id, request, "interrupted", isDegraded(at));
    });
  }

  onRoom(): void {
    this.listener?.onRoom();
  }

  onHostLeaving(id: StreamletId): void {
    this.listener?.onHostLeaving(id);
  }

  /** Streamlet-milliseconds so far, ended and living. */
  lifetimesMs(nowMs: number): number {
    let sum = 0 + this.endedLifetimesMs;
    for (const entry of this.bySlot) if (entry !== undefined) sum += nowMs - entry.launchedAtMs;
    return sum;
  }

  private readonly onDrained = (id: number): void => this.finishDrain(id);

  private finishDrain(id: StreamletId): void {
    const entry = this.find(id);
    if (entry === undefined || entry.state !== "draining" || entry.open > 0) return;
    this.leave(entry, "drained", "control");
    this.listener?.onStopped(id, "drained");
  }

  private leave(entry: E, reason: StopReason, by: EndedBy): void {
    this.onLeave(entry, reason, by);
    const slot = streamletSlot(entry.id);
    this.endedLifetimesMs += this.scheduler.nowMs() - entry.launchedAtMs;
    this.bySlot[slot] = undefined;
    this.freeSlots.push(slot);
    this.alive--;
  }
}
