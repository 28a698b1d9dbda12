import { isFailure, type StreamEnd, type StreamRequest } from "../../ports/fleet.js";
import type { DecisionRecord, StreamletChange, Telemetry } from "../../ports/telemetry.js";
import { noTelemetry } from "../run/no-telemetry.js";
import type { StreamReport } from "../wire/stream-report.js";

/** Faults of a run, counted by cause. */
export interface Losses {
  /** Interrupted streams, by cause. */
  readonly streams: ReadonlyMap<string, number>;
  /** Streamlets that ended without a decision. */
  readonly streamlets: ReadonlyMap<string, number>;
  /** Requests that were not served. */
  readonly requests: ReadonlyMap<string, number>;
  /** Ticks at which the control plane did not do all that the policy asked for. */
  readonly refusals: ReadonlyMap<string, number>;
}

const KINDS = ["streams", "streamlets", "requests", "refusals"] as const;
export type LossKind = (typeof KINDS)[number];

/**
 * Counts each loss as the control plane learns of it. The cause of a lost stream is the stop
 * reason of its streamlet, or the streamlet's own report.
 */
export class LossLedger implements Losses, Telemetry {
  readonly streams = new Map<string, number>();
  readonly streamlets = new Map<string, number>();
  readonly requests = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  private readonly reported = new Map<number, string>();
  private lastStop = "";
  /** Gets each loss. */
  onLoss: (kind: LossKind, cause: string) => void = () => undefined;
  readonly onArrival = noTelemetry.onArrival;
  readonly onWaiting = noTelemetry.onWaiting;
  readonly onAssigned = noTelemetry.onAssigned;

  /** Call it before the control plane gets the stream's end. */
  onReport({ stream, end, detail }: StreamReport): void {
    if (end === "interrupted") this.reported.set(stream, detail);
  }

  onStreamEnded({ id }: StreamRequest, end: StreamEnd): void {
    const cause = this.reported.get(id) ?? this.lastStop;
    this.reported.delete(id);
    if (end === "interrupted") this.count("streams", cause);
  }

  onStreamletState({ to, reason }: StreamletChange): void {
    if (to !== "stopped") return;
    this.lastStop = reason;
    if (reason !== "" && isFailure(reason)) this.count("streamlets", reason);
  }

  onRejected(_request: StreamRequest, reason: string): void {
    this.count("requests", reason);
  }

  onAbandoned(): void {
    this.count("requests", "no-free-slot");
  }

  onDecision({ refusal }: DecisionRecord): void {
    if (refusal !== "") this.count("refusals", refusal);
  }

  private count(kind: LossKind, cause: string): void {
    this[kind].set(cause, (this[kind].get(cause) ?? 0) + 1);
    this.onLoss(kind, cause);
  }
}
