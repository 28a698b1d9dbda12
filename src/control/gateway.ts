import { fail } from "../base/assert.js";
import type { Balancer } from "../ports/balancer.js";
import type { Fleet, StreamRequest } from "../ports/fleet.js";
import { NO_TIMER, Phase, type Scheduler } from "../ports/scheduler.js";
import type { RejectReason, Telemetry } from "../ports/telemetry.js";
import type { Quarantine } from "./quarantine.js";
import { CandidateList, type Routing } from "./routing.js";
import type { Streamlet } from "./streamlet.js";
import type { StreamletPool } from "./streamlet-pool.js";
import { type WaitingEntry, WaitingRoom } from "./waiting-room.js";

/** Receives the gateway's reports. */
export interface GatewayListener {
  /** A slot was taken on this streamlet. */
  onTaken(streamlet: Streamlet): void;
  /** A request found no slot and waits. */
  onNoFreeSlot(request: StreamRequest): void;
}

export interface GatewayParts {
  readonly routing: Routing;
  readonly pools: readonly StreamletPool[];
  readonly balancer: Balancer;
  readonly fleet: Fleet;
  readonly scheduler: Scheduler;
  readonly telemetry: Telemetry;
  readonly listener: GatewayListener;
  readonly quarantine: Quarantine | undefined;
}

/**
 * Admits requests. A request goes to the streamlet that the balancer picks, or waits (a bounded
 * number may, each for its patience), or is rejected with a reason. A free slot goes to the request
 * that has waited longest among those that the streamlet can serve.
 */
export class Gateway {
  readonly waitingRoom: WaitingRoom;
  private readonly candidates = new CandidateList();
  private readonly timers = new Map<number, WaitingEntry>();

  /** `room`: most requests that wait at once. */
  constructor(
    room: number,
    private readonly parts: GatewayParts,
  ) {
    this.waitingRoom = new WaitingRoom(parts.routing.keyCount, room);
  }

  request(request: StreamRequest): void {
    this.parts.telemetry.onArrival(request);
    const refusal = this.refusal(request);
    if (refusal !== undefined) {
      this.parts.telemetry.onRejected(request, refusal);
      return;
    }
    const key = this.parts.routing.key(request.region, request.format);
    if (this.assign(request, key)) return;
    if (this.waitingRoom.isFull) {
      this.parts.telemetry.onRejected(request, "waiting-room-full");
      return;
    }
    this.wait(request, key);
  }

  /**
   * Offers the streamlet's free slots to waiting requests. Call it when the streamlet becomes
   * ready, is taken back, or a stream on it ends.
   */
  serveWaiting(streamlet: Streamlet): void {
    if (this.waitingRoom.size === 0) return;
    const sources = this.parts.routing.sources[streamlet.pool];
    while (streamlet.state === "ready" && streamlet.open < streamlet.slots) {
      const entry = this.waitingRoom.eldest(sources);
      if (entry === undefined) return;
      this.removeWaiting(entry);
      this.hand(entry.request, streamlet, true);
    }
  }

  /**
   * The client of a waiting request has disconnected: the request leaves the waiting room as
   * abandoned. False if it does not wait there, or waits without a bound.
   */
  withdraw(requestId: number): boolean {
    const entry = this.timers.get(requestId);
    if (entry === undefined) return false;
    this.removeWaiting(entry);
    this.parts.telemetry.onAbandoned(entry.request);
    return true;
  }

  private refusal(request: StreamRequest): RejectReason | undefined {
    const { routing, quarantine, scheduler } = this.parts;
    const { region, format, source } = request;
    if (!routing.knowsRegion(region)) return "unknown-region";
    if (!routing.knows(region, format)) return "unknown-format";
    if (routing.homePool(routing.key(region, format)) < 0) return "no-compatible-streamlet";
    if (source !== undefined && quarantine?.holds(source, scheduler.nowMs()) === true) return "quarantined";
    return undefined;
  }

  private assign(request: StreamRequest, key: number): boolean {
    this.parts.routing.gather(key, this.candidates);
    if (this.candidates.count === 0) return false;
    const picked = this.parts.balancer.pick(request, this.candidates, this.parts.scheduler.nowMs());
    if (picked === undefined) return false;
    const streamlet = picked as Streamlet;
    if (streamlet.state !== "ready" || !(streamlet.open < streamlet.slots)) {
      fail(`the balancer picked streamlet ${streamlet.id}, which is ${streamlet.state} with ${streamlet.open} streams`);
    }
    this.hand(request, streamlet, false);
    return true;
  }

  private hand(request: StreamRequest, streamlet: Streamlet, waited: boolean): void {
    const nowMs = this.parts.scheduler.nowMs();
    request.startedAtMs = nowMs;
    request.pool = streamlet.pool;
    this.parts.pools[streamlet.pool].take(streamlet, nowMs);
    this.parts.listener.onTaken(streamlet);
    this.parts.telemetry.onAssigned(request, streamlet.id, waited);
    this.parts.fleet.assign(streamlet.id, request);
  }

  private wait(request: StreamRequest, key: number): void {
    const entry = this.waitingRoom.enter(request, key, this.parts.scheduler.nowMs());
    this.parts.telemetry.onWaiting(request);
    if (request.patienceMs !== Number.POSITIVE_INFINITY) {
      this.timers.set(request.id, entry);
      entry.timer = this.parts.scheduler.schedule(request.patienceMs, Phase.Control, this.abandon, request.id);
    }
    this.parts.listener.onNoFreeSlot(request);
  }

  private readonly abandon = (requestId: number): void => {
    const entry = this.timers.get(requestId);
    if (entry === undefined) fail(`request ${requestId} lost its patience without waiting`);
    entry.timer = NO_TIMER;
    this.removeWaiting(entry);
    this.parts.telemetry.onAbandoned(entry.request);
  };

  private removeWaiting(entry: WaitingEntry): void {
    this.waitingRoom.leave(entry, this.parts.scheduler.nowMs());
    this.timers.delete(entry.request.id);
    this.parts.scheduler.cancel(entry.timer);
  }
}
