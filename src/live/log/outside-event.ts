// Everything that enters the control plane from outside is one of these records, injected at an
// instant and logged as one line. The same records through the same world (live-world.ts) give the
// same decisions: that is what a replay does.
import type { StopReason, StreamEnd, StreamletId } from "../../ports/fleet.js";
import { Phase } from "../../ports/scheduler.js";
import type { OperatorWish } from "../wire/messages.js";

/**
 * The event that ends a training: logged, so that a replay sees the new model at the same instant.
 */
export interface TrainedEvent {
  readonly kind: "trained";
  /** Counts the run's trainings from 1, in the order in which they were asked for. */
  readonly training: number;
  /** Why it failed; empty if it did not. */
  readonly failure: string;
}

export type OutsideEvent =
  | {
      readonly kind: "request";
      readonly request: number;
      readonly series: number;
      readonly region: number;
      readonly format: number;
      readonly attempt: number;
      readonly patienceMs: number;
      /** What the client calls its stream, hashed; left out where it does not say. */
      readonly source?: number;
    }
  /** The client of a waiting request has gone. */
  | { readonly kind: "withdrawn"; readonly request: number }
  | { readonly kind: "ready"; readonly id: StreamletId }
  | {
      readonly kind: "ended";
      readonly id: StreamletId;
      readonly request: number;
      readonly end: StreamEnd;
      readonly degraded: boolean;
    }
  | {
      readonly kind: "stopped";
      readonly id: StreamletId;
      readonly reason: StopReason;
      /**
       * Requests whose streams it still carried and which had had an error by its last heartbeat;
       * left out = none.
       */
      readonly degraded?: readonly number[];
    }
  /** An operator asks; for `launch` the id is a pool's. */
  | { readonly kind: "asked"; readonly ask: OperatorWish["ask"]; readonly id: number }
  | TrainedEvent
  /** The run ends here. */
  | { readonly kind: "end" };

export const OUTSIDE_KINDS: ReadonlySet<string> = new Set([
  "request",
  "withdrawn",
  "ready",
  "ended",
  "stopped",
  "asked",
  "trained",
  "end",
]);

/** Ties are broken as in simulation. */
export function phaseOf(event: OutsideEvent): Phase {
  switch (event.kind) {
    case "request":
      return Phase.Arrival;
    case "ready":
      return Phase.Ready;
    case "ended":
      return Phase.Departure;
    case "stopped":
      return Phase.Failure;
    default:
      return Phase.Control;
  }
}
