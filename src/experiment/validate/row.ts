import type { RunResult } from "../../world/run-result.js";

/**
 * A scenario as a user writes it, without the keys that every row gets: version, name, seed,
 * duration, warm-up and replications.
 */
export interface RowScenario {
  readonly traffic: Readonly<Record<string, unknown>>;
  readonly streams: Readonly<Record<string, unknown>>;
  readonly fleet: Readonly<Record<string, unknown>>;
  readonly gateway?: Readonly<Record<string, unknown>>;
  readonly policies: readonly Readonly<Record<string, unknown>>[];
}

/** The length of a row, fixed in advance: a row is never stopped by its result. */
export interface RunLength {
  readonly replications: number;
  /** Simulated seconds of one replication that are measured, after the warm-up. */
  readonly windowS: number;
  readonly warmupS: number;
  /** The window of a quick run, if the usual share of `windowS` would be too short. */
  readonly quickWindowS?: number;
}

export type Measure = (run: RunResult, length: RunLength) => number;

/**
 * A reference known only by estimate: mean of `n` independent values with the standard error of
 * the mean.
 */
export interface ReferenceEstimate {
  readonly mean: number;
  readonly standardError: number;
  readonly n: number;
}

/** One number of a row, with its exact value from theory. */
export interface Check {
  readonly quantity: string;
  /** "s" or "" for a number without a unit. */
  readonly unit: "" | "s";
  /** The theoretical value, or the row's reference value in its place. */
  readonly exact: number | { readonly reference: string };
  /** The same number in one replication of this length. */
  readonly measure: Measure;
  /** Largest half-width of a valid answer, relative to the exact value. */
  readonly widestHalfWidth: number;
  /**
   * Whether `flowControls` may remove the noise of the input. False if they would determine the
   * answer themselves.
   */
  readonly controlled: boolean;
  /**
   * Bound of the shift, relative to the exact value, that the window's edges may cause; 0 unless
   * given.
   */
  readonly edge?: number;
}

/** One scenario with an exact result from theory. */
export interface ValidationRow {
  readonly id: string;
  /** In Kendall's notation, with its parameters. */
  readonly model: string;
  readonly source: string;
  readonly scenario: RowScenario;
  readonly length: RunLength;
  /** λ in 1/s and λ·E[S]: the inputs of the control variates. */
  readonly arrivalsPerSecond: number;
  readonly load: number;
  readonly checks: readonly Check[];
  /**
   * A second, independent computation, if there is no closed form. `effort` is 1 in full, less in a
   * quick run.
   */
  readonly reference?: (
    seed: number,
    effort: number,
    signal: AbortSignal | undefined,
  ) => Promise<Readonly<Record<string, ReferenceEstimate>>>;
  /** Work per arrival relative to a plain queue, for the progress bar only; 1 unless given. */
  readonly costPerArrival?: number;
}

/**
 * Many replications rather than long ones: with 199 degrees of freedom a half-width varies by 5 %
 * of itself from seed to seed, so a margin of 13 % rarely fails.
 */
const REPLICATIONS = 200;

/** A row that measures `totalS` simulated seconds over all its replications. */
export function runLength(totalS: number, warmupS: number): RunLength {
  return { replications: REPLICATIONS, windowS: Math.ceil(totalS / REPLICATIONS), warmupS };
}

/**
 * Half-widths as ground truths state them: 1 % for probabilities, counts, and means up to ρ = 0.8;
 * 3 % for means above.
 */
export const NARROW = 0.01;
const WIDE = 0.03;

export function meanWidth(utilisation: number): number {
  return utilisation <= 0.8 + 1e-9 ? NARROW : WIDE;
}
