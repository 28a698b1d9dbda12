/**
 * Ages are counted in bins of one minute: fine enough for holding times of minutes, and 4,096 of
 * them reach 2.8 days.
 */
export const AGE_BIN_MS = 60_000;
export const AGE_BINS = 4096;
/** Nobody's survival is known that far ahead; a policy may ask for any time. */
const MOST_AHEAD_MS = AGE_BINS * AGE_BIN_MS;

/**
 * Survival at the start of each age bin and its integral in ms. Float64Array[bins + 1] each; the
 * last entry covers all greater ages.
 */
export interface SurvivalCurve {
  readonly survivals: Float64Array;
  readonly integrals: Float64Array;
}

/**
 * Survival at an age ≥ 0.
 */
export function survivalAt(survivals: Float64Array, ageMs: number): number {
  const last = survivals.length - 1;
  const at = ageMs / AGE_BIN_MS;
  if (at >= last) return survivals[last];
  const bin = at | 0;
  const here = survivals[bin];
  return here + (survivals[bin + 1] - here) * (at - bin);
}

/**
 * Shares are counted in this many units. They are integers, so their sums over up to 8 million
 * streams are exact, in whatever order streams start and end.
 */
export const SHARE_UNITS = 1_073_741_824;
/** V8 looks an exported constant up at each use. */
const UNITS = SHARE_UNITS;

/** How far to look ahead: in whole bins, and the rest of one. */
export class Ahead {
  gap = 0;
  rest = 0;

  /** An object for each look was 10 MB of garbage a day. */
  set(aheadMs: number): void {
    const bins = Math.min(aheadMs, MOST_AHEAD_MS) / AGE_BIN_MS;
    this.gap = bins | 0;
    this.rest = bins - this.gap;
  }
}

/**
 * Which share of the streams that are `bin` bins old will still be open `gap` + `rest` bins later,
 * in units. In a loop, numbers that are passed are read once, those of an object each time.
 *
 * A stream counts as started in the middle of its minute, so at one instant the streams of all
 * minutes have lived for whole bins and the same part of a bin. Their share lies between those of
 * the two whole ages, in proportion to that part. The middle of the newest minute may lie ahead.
 */
export function unitsAt(survivals: Float64Array, bin: number, gap: number, rest: number): number {
  const last = (survivals.length - 1) | 0;
  const from = bin < 0 ? 0 : bin < last ? bin : last;
  const to = (from + gap) | 0;
  const later = to < last ? survivals[to] + (survivals[(to + 1) | 0] - survivals[to]) * rest : survivals[last];
  return Math.floor((later / survivals[from]) * UNITS + 0.5);
}
