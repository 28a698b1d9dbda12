import type { Seen } from "./divergence.js";
import type { RowVerdict } from "./row-verdict.js";

/** One metric of one policy of one scenario, against the last accepted figures or those of the last release. */
export interface CheckRow {
  readonly scenario: string;
  readonly policy: string;
  readonly metric: string;
  readonly against: "baseline" | "release";
  readonly verdict: RowVerdict;
  readonly before: number;
  readonly now: number;
  readonly delta: number;
  readonly halfWidth: number;
  readonly tolerance: number;
  /** Adjusted for all rows. */
  readonly p: number;
  readonly replications: number;
  readonly sees: number | null;
  readonly needs: number | null;
}

/** The first decision of a policy that differs from its baseline. */
export interface FirstDivergence {
  readonly scenario: string;
  readonly policy: string;
  readonly atMs: number;
  readonly pool: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly reasons: readonly [string, string];
  readonly saw: readonly [Seen | null, Seen | null];
}

/** A policy that does not meet the SLO of its scenario, where the gate asks for that. */
export interface SloFailure {
  readonly scenario: string;
  readonly policy: string;
  readonly met: number;
  readonly of: number;
  readonly text: string;
}

/** What `headrace check --json` prints. */
export interface CheckDocument {
  readonly verdict: RowVerdict;
  readonly rows: readonly CheckRow[];
  readonly firstDivergence: FirstDivergence | null;
  /** The smallest relative change that the gate shows in 80 % of cases: of cost where it is gated, else of the first metric; null = unknown. */
  readonly sees: number | null;
  readonly sloFailures: readonly SloFailure[];
  readonly alpha: number;
  readonly version: string;
}
