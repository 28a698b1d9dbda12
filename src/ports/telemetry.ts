import type { StopReason, StreamEnd, StreamletId, StreamRequest } from "./fleet.js";
import type { RejectReason } from "./reasons.js";
import type { TrainerEvent } from "./training.js";

export type { RejectReason } from "./reasons.js";

/** One decision of a policy for one pool, as it is recorded, explained and replayed. */
export interface DecisionRecord {
  readonly atMs: number;
  readonly pool: number;
  /** What the policy asked for, and what the control plane made of it after bounds and refusals. */
  readonly wanted: number;
  readonly desired: number;
  readonly reason: string;
  /** Empty when the wish was carried out as it was. */
  readonly refusal: string;
  /** What the policy saw (`now − scrape lag`): open streams, waiting requests, ready and spawning streamlets. */
  readonly open: number;
  readonly waiting: number;
  readonly ready: number;
  readonly spawning: number;
  /** Whatever the policy cares to tell of its reasoning; shown by `--explain`. */
  readonly details?: Readonly<Record<string, number>>;
}

/** A decision that the policy did not come to: it threw, or what it returned cannot be read. */
export interface PolicyFailureRecord {
  readonly atMs: number;
  readonly message: string;
  /** file:line:column in the user's module, where it is known. */
  readonly at?: string;
}

/** States of a streamlet's life, as counted and drawn. */
export type StreamletState = "spawning" | "ready" | "parked" | "draining" | "stopped";

/** Everything that is measured passes here: the recorder in simulation, Prometheus and the run log live. */
export interface Telemetry {
  onArrival(request: StreamRequest): void;
  onRejected(request: StreamRequest, reason: RejectReason): void;
  onAbandoned(request: StreamRequest): void;
  onWaiting(request: StreamRequest): void;
  /** `waitMs` from arrival to assignment; `waited` if it had entered the waiting room. */
  onAssigned(request: StreamRequest, id: StreamletId, waitMs: number, waited: boolean): void;
  onStreamEnded(request: StreamRequest, startedAtMs: number, end: StreamEnd, degraded: boolean): void;
  onStreamletState(
    id: StreamletId,
    pool: number,
    from: StreamletState | "none",
    to: StreamletState,
    reason: StopReason | "",
  ): void;
  onDecision(decision: DecisionRecord): void;
  /** The policy is asked for a decision; it may fail. */
  onPolicyAsked?(): void;
  onPolicyFailure?(failure: PolicyFailureRecord): void;
  /** What happened to the forecaster of a series. */
  onTrainer?(event: TrainerEvent): void;
  /** How many elastic hosts there are now, those that come up or drain included. */
  onHosts?(count: number): void;
}
