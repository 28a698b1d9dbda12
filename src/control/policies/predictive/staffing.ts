import { normalQuantile } from "../../../base/normal.js";

/** How the slots beyond the expected streams are found; the first that is given holds. */
export interface StaffingKnobs {
  readonly beta: number | undefined;
  readonly violationPrice: number | undefined;
  readonly quantile: number;
  /** At least this share of the expected streams, whatever was learnt: for surges that are larger than all that came before. */
  readonly headroom: number;
}

const SQRT_2PI = 2.5066282746310002;
const MINUTES_PER_HOUR = 60;

/**
 * Slots beyond the expected streams. β·√streams: square-root staffing. By price, the newsvendor's: an hour of one more slot costs
 * 1/slots of a streamlet-hour, and saves 60 minutes × price × the density of falling short just there, φ(z)/σ (Arrow, Harris, Marschak
 * 1951). By quantile, z·σ. Never negative: below the expectation there is nothing to win.
 */
export function marginSlots(knobs: StaffingKnobs, expected: number, deviation: number, slots: number): number {
  return Math.max(knobs.headroom * expected, learntMargin(knobs, expected, deviation, slots));
}

function learntMargin(knobs: StaffingKnobs, expected: number, deviation: number, slots: number): number {
  if (knobs.beta !== undefined) return knobs.beta * Math.sqrt(Math.max(0, expected));
  if (knobs.violationPrice === undefined) return Math.max(0, normalQuantile(knobs.quantile)) * deviation;
  const density = deviation / (MINUTES_PER_HOUR * slots * knobs.violationPrice);
  const odds = density * SQRT_2PI;
  return odds >= 1 ? 0 : Math.sqrt(-2 * Math.log(odds)) * deviation;
}
