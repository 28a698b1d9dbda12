import { normalQuantile } from "../../../base/normal.js";

/**
 * How the slots beyond the expected streams are computed; the first of these that is given
 * applies.
 */
export interface StaffingKnobs {
  readonly beta: number | undefined;
  readonly violationPrice: number | undefined;
  readonly quantile: number;
  /** At least this share of the expected streams, for surges larger than any before. */
  readonly headroom: number;
}

const SQRT_2PI = 2.5066282746310002;
const MINUTES_PER_HOUR = 60;

/** How many slots a pool keeps beyond the expected streams. */
export class Staffing {
  /**
   * Standard deviations from the mean to the quantile, computed once: at each tick it took 4 % of a
   * simulated day.
   */
  private readonly quantileDeviations: number;

  constructor(private readonly knobs: StaffingKnobs) {
    this.quantileDeviations = Math.max(0, normalQuantile(knobs.quantile));
  }

  /**
   * Slots beyond the expected streams. β·√streams: square-root staffing. By price, the
   * newsvendor's: an hour of one more slot costs 1/slots of a streamlet-hour, and saves 60 minutes
   * × price × the density of falling short just there, φ(z)/σ (Arrow, Harris, Marschak 1951). By
   * quantile, z·σ. Never negative: capacity below the expectation saves nothing.
   */
  marginSlots(expected: number, deviation: number, slots: number): number {
    return Math.max(this.knobs.headroom * expected, this.learntMargin(expected, deviation, slots));
  }

  private learntMargin(expected: number, deviation: number, slots: number): number {
    const { beta, violationPrice } = this.knobs;
    if (beta !== undefined) return beta * Math.sqrt(Math.max(0, expected));
    if (violationPrice === undefined) return this.quantileDeviations * deviation;
    const density = deviation / (MINUTES_PER_HOUR * slots * violationPrice);
    const odds = density * SQRT_2PI;
    return odds >= 1 ? 0 : Math.sqrt(-2 * Math.log(odds)) * deviation;
  }
}
