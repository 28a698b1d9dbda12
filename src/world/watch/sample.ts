import type { ArrivalOutlook } from "../../ports/policy.js";
import type { DecisionRecord } from "../../ports/telemetry.js";

/** The numbers of a sample per pool: first levels at its instant, then counts since t=0. */
export const Figure = {
  ready: 0,
  spawning: 1,
  draining: 2,
  parked: 3,
  desired: 4,
  /** Open streams, those on draining streamlets included. */
  open: 5,
  /** Open streams on draining streamlets. */
  openDraining: 6,
  /** Requests in the waiting room whose first choice is this pool. */
  waiting: 7,
  /** Requests that arrived, reconnections included. */
  arrivals: 8,
  served: 9,
  /** Served, but later than the SLO's bound of the start latency. */
  slow: 10,
  rejected: 11,
  abandoned: 12,
  /** Streams that were interrupted. */
  interrupted: 13,
  /** Streamlets that ended unintentionally. */
  failures: 14,
} as const;
export type Figure = (typeof Figure)[keyof typeof Figure];
export const FIGURES = 15;

/**
 * A streamlet as one byte: its state in the high half, its fill in eighths (0–8) in the low one.
 */
export const CellState = { none: 0, spawning: 1, ready: 2, draining: 3, parked: 4 } as const;
export type CellState = (typeof CellState)[keyof typeof CellState];

export function streamletCell(state: CellState, open: number, slots: number): number {
  return state * 16 + Math.min(8, Math.ceil((8 * open) / slots));
}

/** The streamlets of a pool. Each keeps its place in both lists until it ends. */
export interface StreamletPlaces {
  /** Float64Array[places]; −1 = none. */
  readonly ids: Float64Array;
  /** Uint8Array[places]. */
  readonly cells: Uint8Array;
}

/** A streamlet that ended unintentionally. */
export interface FaultEvent {
  readonly atMs: number;
  readonly pool: number;
  readonly reason: string;
  /** Streams that it interrupted. */
  readonly streams: number;
}

/** A run at one instant: all data that the terminal draws. */
export interface Sample {
  readonly atMs: number;
  /** `figures[pool][Figure]`. */
  readonly figures: readonly Float64Array[];
  /** `waits[pool][bucket]`: start latencies since t=0, by bucket (wait-buckets.ts). */
  readonly waits: readonly Uint32Array[];
  readonly streamlets: readonly StreamletPlaces[];
  /** The last decision for each subject (RunFacts.subjects); undefined before the first. */
  readonly lastDecisions: readonly (DecisionRecord | undefined)[];
  /** Per pool; undefined if the policy has no forecast. */
  readonly outlooks: readonly (ArrivalOutlook | undefined)[];
  /** Minutes since t=0 that violate the SLO so far, ascending. */
  readonly violatingMinutes: readonly number[];
  /** Requests and streams lost so far, by cause. */
  readonly losses: readonly (readonly [cause: string, count: number])[];
  /** Decisions that changed something or were refused, since the sample before; oldest first. */
  readonly newDecisions: readonly DecisionRecord[];
  readonly newFaults: readonly FaultEvent[];
}
