import { joined } from "../base/joined.js";
import type { StopReason, StreamEnd, StreamletId, StreamRequest } from "./fleet.js";
import type { RejectReason } from "./reasons.js";
import type { TrainerEvent } from "./training.js";

export type { RejectReason } from "./reasons.js";

/** One decision of a policy for one pool, as it is recorded, explained and replayed. */
export interface DecisionRecord {
  readonly atMs: number;
  readonly pool: number;
  /** The policy's proposal, and the count after bounds and refusals. */
  readonly wanted: number;
  readonly desired: number;
  readonly reason: string;
  /** Empty if the proposal was carried out unchanged. */
  readonly refusal: string;
  /**
   * What the policy saw (as of `now − scrape lag`): open streams, waiting requests, ready and
   * spawning streamlets.
   */
  readonly open: number;
  readonly waiting: number;
  readonly ready: number;
  readonly spawning: number;
  /**
   * Figures behind the decision, by the policy; `--explain` shows them. They are valid until its
   * next decision: see `keptDecision`.
   */
  readonly details?: Readonly<Record<string, number>>;
}

/** The decision with a copy of its details, to be read after the next one. */
export function keptDecision(decision: DecisionRecord): DecisionRecord {
  if (decision.details === undefined) return decision;
  return joined(decision, { details: { ...decision.details } });
}

/** A policy failed to decide: it threw, or returned something that is no decision. */
export interface PolicyFailureRecord {
  readonly atMs: number;
  readonly message: string;
  /** file:line:column in the user's module, if known. */
  readonly at?: string;
}

/** States of a streamlet, as counted and drawn. */
export type StreamletState = "spawning" | "ready" | "parked" | "draining" | "stopped";

/** A streamlet changed its state. `from` is "none" at its launch; `reason` is "" until it stops. */
export interface StreamletChange {
  readonly id: StreamletId;
  readonly pool: number;
  readonly from: StreamletState | "none";
  readonly to: StreamletState;
  readonly reason: StopReason | "";
}

/**
 * Receives everything that is measured: the recorder in simulation, Prometheus and the run log in
 * live mode.
 */
export interface Telemetry {
  onArrival(request: StreamRequest): void;
  onRejected(request: StreamRequest, reason: RejectReason): void;
  onAbandoned(request: StreamRequest): void;
  onWaiting(request: StreamRequest): void;
  /**
   * `waited` if it had entered the waiting room; `waitMsOf` tells how long. As an argument, the
   * wait would be boxed.
   */
  onAssigned(request: StreamRequest, id: StreamletId, waited: boolean): void;
  onStreamEnded(request: StreamRequest, end: StreamEnd, degraded: boolean): void;
  onStreamletState(change: StreamletChange): void;
  onDecision(decision: DecisionRecord): void;
  /** Called before the policy decides, and when its decision or its idle time-out fails. */
  onPolicyAsked?(): void;
  onPolicyFailure?(failure: PolicyFailureRecord): void;
  /** A series' forecaster was trained, replaced, or failed. */
  onTrainer?(event: TrainerEvent): void;
  /** Elastic hosts now, spawning and draining ones included. */
  onHosts?(count: number): void;
}
