import { type StopReason, type StreamEnd, type StreamRequest, waitMsOf } from "../ports/fleet.js";
import type { RejectReason } from "../ports/reasons.js";
import type { Scheduler } from "../ports/scheduler.js";
import type { StreamletChange, Telemetry } from "../ports/telemetry.js";

const ignore = (): void => undefined;

/** What happened to the requests of one region within a span, reconnections included. */
export interface RequestEvents {
  arrivals: number;
  /** Requests that found no free slot on arrival. */
  waited: number;
  /** The longest wait that ended with a slot in the span, and its end; 0 if there was none. */
  longestWaitMs: number;
  longestWaitEndedAtMs: number;
  abandoned: number;
  interrupted: number;
  readonly rejected: Map<RejectReason, number>;
}

/** Counts events from one instant to another, both included. `--explain` shows the counts. */
export class EventWatch implements Telemetry {
  readonly onDecision = ignore;
  /** By region. */
  readonly requests: readonly RequestEvents[];
  /** By pool: how many streamlets ended for which reason. */
  readonly ends: readonly ReadonlyMap<StopReason, number>[];
  private readonly endCounts: Map<StopReason, number>[];

  constructor(
    private readonly scheduler: Scheduler,
    private readonly fromMs: number,
    private readonly toMs: number,
    counts: { readonly regions: number; readonly pools: number },
  ) {
    this.requests = Array.from({ length: counts.regions }, () => ({
      arrivals: 0,
      waited: 0,
      longestWaitMs: 0,
      longestWaitEndedAtMs: 0,
      abandoned: 0,
      interrupted: 0,
      rejected: new Map(),
    }));
    this.endCounts = Array.from({ length: counts.pools }, () => new Map());
    this.ends = this.endCounts;
  }

  onArrival(request: StreamRequest): void {
    if (this.isWithin()) this.requests[request.region].arrivals++;
  }

  onWaiting(request: StreamRequest): void {
    if (this.isWithin()) this.requests[request.region].waited++;
  }

  onAssigned(request: StreamRequest): void {
    const waitMs = waitMsOf(request);
    const events = this.requests[request.region];
    if (!this.isWithin() || waitMs <= events.longestWaitMs) return;
    events.longestWaitMs = waitMs;
    events.longestWaitEndedAtMs = this.scheduler.nowMs();
  }

  onRejected(request: StreamRequest, reason: RejectReason): void {
    if (this.isWithin()) countOne(this.requests[request.region].rejected, reason);
  }

  onAbandoned(request: StreamRequest): void {
    if (this.isWithin()) this.requests[request.region].abandoned++;
  }

  onStreamEnded(request: StreamRequest, end: StreamEnd): void {
    if (end === "interrupted" && this.isWithin()) this.requests[request.region].interrupted++;
  }

  onStreamletState({ pool, to, reason }: StreamletChange): void {
    if (to === "stopped" && reason !== "" && this.isWithin()) countOne(this.endCounts[pool], reason);
  }

  private isWithin(): boolean {
    const nowMs = this.scheduler.nowMs();
    return nowMs >= this.fromMs && nowMs <= this.toMs;
  }
}

function countOne<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
