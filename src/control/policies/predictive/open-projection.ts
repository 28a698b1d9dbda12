import type { HoldingView, PoolObservation } from "../../../ports/policy.js";
import type { ArrivalNowcast } from "./arrival-nowcast.js";

/** The expected number of open streams at the end of a span, and its standard deviation. */
export interface Projection {
  readonly arrivals: number;
  readonly open: number;
  readonly deviation: number;
  /** Share of the streams open now that will still be open. */
  readonly stay: number;
}

/**
 * Open streams `spanMs` after the observation: the survivors of those open now, each by its age
 * (Kaplan–Meier), plus forecast arrivals ⊗ survival (M_t/G/∞; Eick, Massey, Whitt 1993). The
 * variance is binomial for the survivors, and the nowcast's for the newcomers. Without `survival`,
 * those open now are assumed to stay as many.
 */
export function projectOpen(
  pool: PoolObservation,
  index: number,
  holding: HoldingView,
  nowcast: ArrivalNowcast,
  arrivals: number,
  spanMs: number,
  survival: boolean,
): Projection {
  const open = pool.open + pool.openDraining;
  const survivors = holding.survivors(index, spanMs);
  const stay = open === 0 ? 0 : Math.min(1, survivors / open);
  const openShare = holding.integratedSurvivalMs(spanMs) / spanMs;
  const variance = open * stay * (1 - stay) + nowcast.variance(arrivals, spanMs) * openShare * openShare;
  return {
    arrivals,
    open: survival ? open * stay + (arrivals + pool.waiting) * openShare : open + pool.waiting,
    deviation: Math.sqrt(Math.max(1, variance)),
    stay,
  };
}
