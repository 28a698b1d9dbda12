import type { RandomStream } from "./random.js";

/**
 * A law of a non-negative quantity, as data: it crosses threads and is printed in results. Times are in ms.
 * `lognormal` carries the parameters of the underlying normal, `empirical` its sorted sample.
 */
export type Law =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "exponential"; readonly mean: number }
  | { readonly kind: "lognormal"; readonly mu: number; readonly sigma: number }
  | { readonly kind: "pareto"; readonly scale: number; readonly shape: number }
  | { readonly kind: "empirical"; readonly sorted: Float64Array };

/** A law that can be drawn from. `survival(t)` = P(X > t). */
export interface Distribution {
  readonly law: Law;
  readonly mean: number;
  sample(random: RandomStream): number;
  survival(t: number): number;
  quantile(probability: number): number;
}
