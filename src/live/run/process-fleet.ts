// The Fleet port on real processes. Its ledger depends only on its calls and their instants. So a
// replay, without processes, has the same ledger. An actuator carries out the orders; reports
// come back as injected events (outside-event.ts), never from inside a call.
import { FleetEntry, FleetLedger } from "../../model/fleet-ledger.js";
import { LedgeredFleet } from "../../model/ledgered-fleet.js";
import {
  type Fleet,
  MAX_STREAMLETS,
  type StopReason,
  type StreamEnd,
  type StreamletId,
  type StreamletSpec,
  type StreamRequest,
} from "../../ports/fleet.js";
import type { Scheduler } from "../../ports/scheduler.js";

/**
 * Carries out the fleet's orders: on processes of this machine, through a manager, or not at all
 * (replay).
 */
export interface FleetActuator {
  launch(id: StreamletId, pool: number): void;
  /** Hands the request's socket to the streamlet. */
  open(id: StreamletId, request: StreamRequest): void;
  /** Ends a streamlet that carries nothing. */
  stop(id: StreamletId, reason: StopReason): void;
  kill(id: StreamletId, reason: StopReason): void;
}

/** For a replay, whose log has the reports. */
export const noActuator: FleetActuator = {
  launch: () => undefined,
  open: () => undefined,
  stop: () => undefined,
  kill: () => undefined,
};

class ProcessEntry extends FleetEntry {
  /** In the order of assignment, in which interruptions are reported. */
  readonly requests = new Map<number, StreamRequest>();
}

/** Streamlets as processes, as the control plane sees them. */
export class ProcessFleet extends LedgeredFleet<ProcessEntry> implements Fleet {
  protected readonly ledger: FleetLedger<ProcessEntry>;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly actuator: FleetActuator,
    /** Most processes at once on this machine. */
    room = MAX_STREAMLETS,
  ) {
    super();
    this.ledger = new FleetLedger(
      scheduler,
      ({ id }, reason, by) => {
        if (by === "control") actuator.stop(id, reason);
      },
      room,
    );
  }

  launch(spec: StreamletSpec, count: number): readonly StreamletId[] {
    const ids: StreamletId[] = [];
    while (ids.length < count && this.ledger.hasRoom) {
      const id = this.ledger.nextId();
      this.ledger.add(new ProcessEntry(id, spec.pool, this.scheduler.nowMs()));
      ids.push(id);
      this.actuator.launch(id, spec.pool);
    }
    return ids;
  }

  assign(id: StreamletId, request: StreamRequest): void {
    const entry = this.ledger.get(id);
    this.ledger.openStream(entry);
    entry.requests.set(request.id, request);
    this.actuator.open(id, request);
  }

  forEachOpen(visit: (request: StreamRequest) => void): void {
    this.ledger.forEach((entry) => {
      entry.requests.forEach(visit);
    });
  }

  // --- reports from kernel tasks only; one about a streamlet or stream that has ended has no
  // effect

  reportReady(id: StreamletId): void {
    const entry = this.ledger.find(id);
    if (entry?.state === "starting") this.ledger.becomeReady(entry);
  }

  reportEnded(id: StreamletId, stream: number, end: StreamEnd, degraded: boolean): void {
    const entry = this.ledger.find(id);
    const request = entry?.requests.get(stream);
    if (entry === undefined || request === undefined) return;
    entry.requests.delete(stream);
    this.ledger.endStream(entry, request, end, degraded);
  }

  /** Its streams are interrupted with it; `degraded` are those that had had an error before. */
  reportStopped(id: StreamletId, reason: StopReason, degraded: readonly number[] = []): void {
    const entry = this.ledger.find(id);
    if (entry === undefined) return;
    const streams = Array.from(entry.requests.values());
    this.ledger.stop(entry, reason, streams, (at) => degraded.includes(streams[at].id));
  }

  /**
   * An operator ends a streamlet with all its streams: the process is killed, and its end is
   * reported as any other.
   */
  kill(id: StreamletId): void {
    if (this.ledger.find(id) !== undefined) this.actuator.kill(id, "retired");
  }
}
