import type { DecisionReason } from "../../../ports/reasons.js";
import type { ForecasterChoice, MakeForecaster } from "./forecaster-choice.js";

export interface PredictiveKnobs {
  /** Staff so that slots suffice with this probability until the next streamlets can be ready. */
  readonly quantile: number;
  /**
   * Instead of the quantile: the price of a minute in violation, in streamlet-hours. The quantile
   * is then the newsvendor's.
   */
  readonly violationPrice: number | undefined;
  /** Instead of a learnt margin: β·√streams (Halfin, Whitt 1981). */
  readonly beta: number | undefined;
  /**
   * The margin is at least this share of the expected streams, for surges larger than any before.
   */
  readonly headroom: number;
  /** How far ahead capacity is provided (ms); undefined = measured spawn time (90 %) + tick. */
  readonly horizonMs: number | undefined;
  /**
   * The less the intervals cover, the more of square-root staffing on the present load is added.
   */
  readonly safetyNet: boolean;
  /**
   * `trained`: a trainer retrains, judges and replaces it. A module that builds on this policy may
   * pass its own forecaster.
   */
  readonly forecaster: ForecasterChoice | MakeForecaster;
  /**
   * With `trained`: names of further forecasters, which shadow, and serve once they have proved
   * cheaper.
   */
  readonly challengers: readonly string[];
  /**
   * A pool with little traffic takes a share of the forecast of its region or of the fleet.
   * Otherwise each pool is forecast on its own.
   */
  readonly sharing: boolean;
  /** Project the open streams by age; otherwise their number is assumed to stay the same. */
  readonly survival: boolean;
  /**
   * Keep streamlets that are needed only later parked, if they leave the warm pool faster than they
   * spawn.
   */
  readonly warmPool: boolean;
  /** Capacity is removed only if it was not needed for this long (ms); undefined = 15 s. */
  readonly drainDelayMs: number | undefined;
}

export const defaultPredictiveKnobs: PredictiveKnobs = {
  quantile: 0.999,
  violationPrice: undefined,
  beta: undefined,
  headroom: 0,
  horizonMs: undefined,
  safetyNet: true,
  forecaster: "ensemble",
  challengers: [],
  sharing: true,
  survival: true,
  warmPool: false,
  drainDelayMs: undefined,
};

export const predictiveReasons = [
  "forecast-rise",
  "forecast-fall",
  "needed-lately",
  "as-forecast",
  "safety-net",
  "no-metrics",
] as const satisfies readonly DecisionReason[];
export type PredictiveReason = (typeof predictiveReasons)[number];
