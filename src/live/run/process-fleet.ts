// The Fleet port on real processes. It keeps the books, which are a function of what it is told and when, and nothing else: so a
// replay (with no processes behind it) comes to the same books. What is to be done in the world goes to an actuator; what the world
// answers comes back as injected events (outside-event.ts), never from inside a call.
import { fail } from "../../base/assert.js";
import {
  type Fleet,
  type FleetListener,
  MAX_STREAMLETS,
  type StopReason,
  type StreamEnd,
  type StreamletId,
  type StreamletSpec,
  type StreamRequest,
  streamletId,
  streamletSlot,
} from "../../ports/fleet.js";
import { Phase, type Scheduler } from "../../ports/scheduler.js";

/** What the fleet wants done: by processes of this machine, by a manager elsewhere, or by nobody (replay). */
export interface FleetActuator {
  launch(id: StreamletId, pool: number): void;
  /** Hands the request's socket to the streamlet. */
  open(id: StreamletId, request: StreamRequest): void;
  /** Ends a streamlet that carries nothing. */
  stop(id: StreamletId, reason: StopReason): void;
  kill(id: StreamletId, reason: StopReason): void;
}

/** Nobody acts: the world's answers are in the log. */
export const noActuator: FleetActuator = {
  launch: () => undefined,
  open: () => undefined,
  stop: () => undefined,
  kill: () => undefined,
};

class Books {
  ready = false;
  draining = false;
  /** In the order of assignment: that is the order in which interruptions are reported. */
  readonly open = new Map<number, StreamRequest>();

  constructor(
    readonly id: StreamletId,
    readonly pool: number,
    readonly launchedAtMs: number,
  ) {}
}

/** Streamlets as processes, as the control plane sees them. */
export class ProcessFleet implements Fleet {
  private readonly bySlot: (Books | undefined)[] = [];
  private readonly generations: number[] = [];
  private readonly freeSlots: number[] = [];
  private listener: FleetListener | undefined;
  private alive = 0;
  private openCount = 0;
  private endedLifetimesMs = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly actuator: FleetActuator,
    /** Most processes at once on this machine. */
    private readonly room = MAX_STREAMLETS,
  ) {}

  /** Open streams over all streamlets. */
  get open(): number {
    return this.openCount;
  }

  subscribe(listener: FleetListener): void {
    this.listener = listener;
  }

  launch(spec: StreamletSpec, count: number): readonly StreamletId[] {
    const ids: StreamletId[] = [];
    while (ids.length < count && this.alive < this.room) {
      const slot = this.freeSlots.pop() ?? this.bySlot.push(undefined) - 1;
      this.generations[slot] = (this.generations[slot] ?? -1) + 1;
      const id = streamletId(slot, this.generations[slot]);
      this.bySlot[slot] = new Books(id, spec.pool, this.scheduler.nowMs());
      this.alive++;
      ids.push(id);
      this.actuator.launch(id, spec.pool);
    }
    return ids;
  }

  drain(id: StreamletId): void {
    const books = this.get(id);
    books.draining = true;
    if (books.open.size === 0) this.scheduler.schedule(0, Phase.Departure, this.finishDrain, id);
  }

  undrain(id: StreamletId): void {
    this.get(id).draining = false;
  }

  terminate(id: StreamletId, reason: StopReason): void {
    const books = this.get(id);
    if (books.open.size > 0) fail(`streamlet ${id} was terminated (${reason}) with ${books.open.size} open streams`);
    this.remove(books);
    this.actuator.stop(id, reason);
  }

  assign(id: StreamletId, request: StreamRequest): void {
    const books = this.get(id);
    if (!books.ready) fail(`streamlet ${id} was given a stream before it was ready`);
    books.open.set(request.id, request);
    this.openCount++;
    this.actuator.open(id, request);
  }

  /** Streamlet-milliseconds so far, ended and living. */
  lifetimesMs(nowMs: number): number {
    let sum = this.endedLifetimesMs;
    for (const books of this.bySlot) if (books !== undefined) sum += nowMs - books.launchedAtMs;
    return sum;
  }

  forEachOpen(visit: (request: StreamRequest) => void): void {
    for (const books of this.bySlot) books?.open.forEach(visit);
  }

  // --- what the world reports, from kernel tasks only; of a streamlet or stream that is no more it is of no interest

  reportReady(id: StreamletId): void {
    const books = this.find(id);
    if (books === undefined || books.ready) return;
    books.ready = true;
    this.listener?.onReady(id);
  }

  reportEnded(id: StreamletId, stream: number, end: StreamEnd, degraded: boolean): void {
    const books = this.find(id);
    const request = books?.open.get(stream);
    if (books === undefined || request === undefined) return;
    books.open.delete(stream);
    this.openCount--;
    this.listener?.onStreamEnded(id, request, end, degraded);
    if (books.draining && books.open.size === 0) this.finishDrain(id);
  }

  /** Its streams are interrupted with it; `degraded` are those that had met an error before. */
  reportStopped(id: StreamletId, reason: StopReason, degraded: readonly number[] = []): void {
    const books = this.find(id);
    if (books === undefined) return;
    const hurt = Array.from(books.open.values());
    books.open.clear();
    this.openCount -= hurt.length;
    this.remove(books);
    this.listener?.onStopped(id, reason);
    for (const request of hurt) this.listener?.onStreamEnded(id, request, "interrupted", degraded.includes(request.id));
  }

  /** An operator ends a streamlet, whatever it carries: the process is killed, its end comes back as any other. */
  condemn(id: StreamletId): void {
    if (this.find(id) !== undefined) this.actuator.kill(id, "retired");
  }

  private readonly finishDrain = (id: number): void => {
    const books = this.find(id);
    if (books === undefined || !books.draining || books.open.size > 0) return;
    this.remove(books);
    this.actuator.stop(id, "drained");
    this.listener?.onStopped(id, "drained");
  };

  private remove(books: Books): void {
    const slot = streamletSlot(books.id);
    this.endedLifetimesMs += this.scheduler.nowMs() - books.launchedAtMs;
    this.bySlot[slot] = undefined;
    this.freeSlots.push(slot);
    this.alive--;
  }

  private find(id: StreamletId): Books | undefined {
    const books = this.bySlot[streamletSlot(id)];
    return books !== undefined && books.id === id ? books : undefined;
  }

  private get(id: StreamletId): Books {
    const books = this.find(id);
    if (books === undefined) fail(`streamlet ${id} is not alive`);
    return books;
  }
}
