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
  /** The streams were the world's, not the load generator's. */
  readonly served: boolean;
  /** Times as fast as the wall's clock. */
  readonly speed: number;
}
