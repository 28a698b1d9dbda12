import type { UsualErrors } from "./usual-errors.js";

/** Optional parts of an ensemble besides its models. */
export interface EnsembleOptions {
  /** Usual errors of the models. */
  readonly usual?: UsualErrors;
  /** Only leads up to the first scored one that reaches this one (in bins) are forecast. */
  readonly longestLead?: number;
}
