import type { HoldingView, PoolObservation } from "../../../ports/policy.js";
import type { ArrivalNowcast } from "./arrival-nowcast.js";

/**
 * Open streams some time ahead: the survivors of those open now, each by its age (Kaplan–Meier),
 * plus forecast arrivals ⊗ survival (M_t/G/∞; Eick, Massey, Whitt 1993). The variance is binomial
 * for the survivors, and the nowcast's for the newcomers.
 *
 * It holds the last projection. A record for each would be 8 MB of garbage a day.
 */
export class OpenProjection {
  /** The expected number, and its standard deviation. */
  open = Number.NaN;
  deviation = Number.NaN;
  /** Share of the streams open now that will still be open. */
  stay = Number.NaN;

  constructor(
    private readonly pool: number,
    /** Without it, those open now are assumed to stay as many. */
    private readonly survival: boolean,
  ) {}

  /** Projects `spanMs` after the observation, until which `arrivals` more are expected. */
  project(
    seen: PoolObservation,
    holding: HoldingView,
    nowcast: ArrivalNowcast,
    arrivals: number,
    spanMs: number,
  ): void {
    const open = seen.open + seen.openDraining;
    const survivors = holding.survivors(this.pool, spanMs);
    const stay = open === 0 ? 0 : Math.min(1, survivors / open);
    const openShare = holding.integratedSurvivalMs(spanMs) / spanMs;
    const variance = open * stay * (1 - stay) + nowcast.variance(arrivals, spanMs) * openShare * openShare;
    this.open = this.survival ? open * stay + (arrivals + seen.waiting) * openShare : open + seen.waiting;
    this.deviation = Math.sqrt(Math.max(1, variance));
    this.stay = stay;
  }
}
