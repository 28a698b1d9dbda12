import type { Losses } from "../live/watch/loss-ledger.js";

/** Events of a live run that its figures do not show. */
export interface LiveFacts {
  /** Wall time of t=0, ms since 1970 (UTC). */
  readonly startedAt: number;
  /** How long it took, in ms of the run's clock. */
  readonly durationMs: number;
  readonly losses: Losses;
  /** The command that ran. */
  readonly command: string;
  /** The streams came from outside, not from the load generator. */
  readonly served: boolean;
  /** Speed relative to the wall clock. */
  readonly speed: number;
}
