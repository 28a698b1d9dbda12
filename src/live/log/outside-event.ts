// Everything that enters the control plane from outside is one of these records, injected at an
// instant and logged as one line. A replay injects the same records into the same world
// (live-world.ts), which makes the same decisions.
import { z } from "../../base/zod.js";
import { STOP_REASONS, type StopReason } from "../../ports/fleet.js";
import { Phase } from "../../ports/scheduler.js";

const index = z.number().int().min(0);

/**
 * Each kind of event: its phase, which orders simultaneous events as in simulation, and its
 * fields.
 */
const outsideEvents = {
  request: {
    phase: Phase.Arrival,
    fields: {
      request: index,
      series: index,
      region: z.number().int().min(-1),
      format: z.number().int().min(-1),
      attempt: index,
      patienceMs: z.number().min(0),
      /** A hash of the client's name for its stream; left out if it gives none. */
      source: index.optional(),
    },
  },
  /** The client of a waiting request has gone. */
  withdrawn: { phase: Phase.Control, fields: { request: index } },
  ready: { phase: Phase.Ready, fields: { id: index } },
  ended: {
    phase: Phase.Departure,
    fields: { id: index, request: index, end: z.enum(["completed", "interrupted"]), degraded: z.boolean() },
  },
  stopped: {
    phase: Phase.Failure,
    fields: {
      id: index,
      reason: z.enum(STOP_REASONS as readonly [StopReason, ...StopReason[]]),
      /**
       * Requests that it still carried and whose streams had had an error by its last heartbeat;
       * left out = none.
       */
      degraded: z.array(index).readonly().optional(),
    },
  },
  /** An operator asks; for `launch` the id is a pool's. */
  asked: { phase: Phase.Control, fields: { ask: z.enum(["drain", "terminate", "launch"]), id: index } },
  /**
   * A training has ended; logged, so that a replay sees the new model at the same instant.
   * `training` numbers the run's trainings from 1, in the order of their requests. `failure`: why
   * it failed; empty if it did not.
   */
  trained: { phase: Phase.Control, fields: { training: index, failure: z.string() } },
  /** The run ends here. */
  end: { phase: Phase.Control, fields: {} },
} as const;

type OutsideKind = keyof typeof outsideEvents;

type Shape<K extends OutsideKind> = (typeof outsideEvents)[K]["fields"];

/** An empty object type for a kind without fields, since zod infers an index signature. */
type Fields<K extends OutsideKind> = keyof Shape<K> extends never ? unknown : z.infer<z.ZodObject<Shape<K>>>;

type EventOf<K extends OutsideKind> = K extends OutsideKind ? Readonly<{ kind: K } & Fields<K>> : never;

export type OutsideEvent = EventOf<OutsideKind>;

export type TrainedEvent = EventOf<"trained">;

const at = z.number().min(0).describe("Instant on the run's clock, ms since t = 0");

const records = Object.entries(outsideEvents).map(([kind, { fields }]) =>
  z.strictObject({ at, kind: z.literal(kind as OutsideKind), ...fields }),
);

/** An outside event as it stands in a run log. */
export const outsideRecord = z.discriminatedUnion("kind", records as [(typeof records)[number]]);

export function isOutsideKind(kind: unknown): kind is OutsideKind {
  return typeof kind === "string" && Object.hasOwn(outsideEvents, kind);
}

/** Ties are broken as in simulation. */
export function phaseOf(event: OutsideEvent): Phase {
  return outsideEvents[event.kind].phase;
}
