import type { Seen } from "../check/divergence.js";

/**
 * Whether two figures differ: shown beyond noise, not shown, or not decidable without a measure of
 * noise.
 */
export type DiffWord = "differs" | "same" | "no difference shown" | "cannot tell";

export interface DiffRow {
  readonly policy: string;
  readonly metric: string;
  /** Of a metric in money: the currency of both, where they name one. */
  readonly currency?: string;
  readonly a: number;
  readonly b: number;
  /** b − a, and half the width of its 95 % interval; null where noise is unknown. */
  readonly delta: number;
  readonly halfWidth: number | null;
  readonly word: DiffWord;
}

/** The instant from which on two series of decisions differ. */
interface DiffDivergence {
  readonly atMs: number;
  readonly pool: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly reasons: readonly [a: string, b: string];
  readonly saw: readonly [Seen | null, Seen | null];
}

/** One quantity by hour of the run, on both sides. */
export interface HourlyPath {
  readonly what: "streamlets" | "waiting" | "violating minutes" | "decisions";
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** How often a reason was given. */
export interface ReasonCount {
  readonly reason: string;
  readonly a: number;
  readonly b: number;
}

/** What `headrace diff --json` prints. */
export interface DiffDocument {
  readonly kind: "results" | "logs" | "policies";
  readonly a: string;
  readonly b: string;
  /**
   * Source of the rows' noise: paired replications, two separate samples, or none (one run each).
   */
  readonly noise: "paired replications" | "separate replications" | "none: one run each";
  readonly rows: readonly DiffRow[];
  readonly firstDivergence: DiffDivergence | null;
  readonly paths: readonly HourlyPath[];
  readonly reasons: readonly ReasonCount[];
  /** Limits of the comparison, a sentence each. */
  readonly notes: readonly string[];
}
