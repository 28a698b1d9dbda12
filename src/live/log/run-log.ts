// The run log: JSONL. Line 1 describes the run. Then come, in order of time, outside events (`at`
// and a kind of outside-event.ts) and the control plane's reactions (`at` and a kind of
// DecisionLine). A replay writes the same bytes.
import { type StreamletId, type StreamRequest, waitMsOf } from "../../ports/fleet.js";
import type { DecisionRecord, RejectReason, StreamletChange, Telemetry } from "../../ports/telemetry.js";
import type { OutsideEvent } from "./outside-event.js";

/** Takes whole lines, without their end. */
export type LineSink = (line: string) => void;

/** Writes one line per event and decision. */
export class RunLog implements Telemetry {
  constructor(
    private readonly sink: LineSink,
    private readonly nowMs: () => number,
  ) {}

  outside(atMs: number, event: OutsideEvent): void {
    this.sink(JSON.stringify({ at: atMs, ...event }));
  }

  onArrival(): void {}

  onStreamEnded(): void {}

  onRejected(request: StreamRequest, reason: RejectReason): void {
    this.decision("rejected", { request: request.id, reason });
  }

  onAbandoned(request: StreamRequest): void {
    this.decision("abandoned", { request: request.id });
  }

  onWaiting(request: StreamRequest): void {
    this.decision("waiting", { request: request.id });
  }

  onAssigned(request: StreamRequest, id: StreamletId): void {
    this.decision("assigned", { request: request.id, id, waitMs: waitMsOf(request) });
  }

  onStreamletState({ id, pool, from, to, reason }: StreamletChange): void {
    this.decision("streamlet", { id, pool, from, to, reason });
  }

  onDecision(record: DecisionRecord): void {
    const { atMs: _, ...rest } = record;
    this.decision("decided", rest);
  }

  private decision(kind: string, fields: object): void {
    this.sink(JSON.stringify({ at: this.nowMs(), kind, ...fields }));
  }
}
