import type { RowScenario } from "../row.js";

/** The parameters of the plain queues. Times in seconds, rates per second. */
export interface QueueParts {
  readonly rate: number;
  readonly holding: Readonly<Record<string, unknown>>;
  readonly slots: number;
  readonly streamlets: number;
  readonly patience?: Readonly<Record<string, unknown>>;
  /** Left out = unbounded. */
  readonly waitingRoom?: number;
}

/** A static fleet of `streamlets`, each with `slots` slots: k = their product. */
export function queueScenario(parts: QueueParts): RowScenario {
  return {
    traffic: { source: "poisson", rate: `${parts.rate}/s` },
    streams: { holding: parts.holding, ...(parts.patience === undefined ? {} : { patience: parts.patience }) },
    fleet: { streamlet: { slots: parts.slots } },
    ...(parts.waitingRoom === undefined ? {} : { gateway: { waitingRoom: parts.waitingRoom } }),
    // No ticks: a static count needs none, and they would be a fifth of the events of the small
    // queues.
    policies: [{ kind: "static", count: parts.streamlets, tick: "infinite" }],
  };
}

export const exponentialHolding = { kind: "exponential", mean: "1s" };
export const constantHolding = { kind: "constant", value: "1s" };
export function lognormalHolding(cv: number): Readonly<Record<string, unknown>> {
  return { kind: "lognormal", mean: "1s", cv };
}
