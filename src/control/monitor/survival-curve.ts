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
 * Which share of the open streams of each start minute will still be open `aheadMs` after `atMs`. A
 * stream counts as started in the middle of its minute, so at one instant the streams of all
 * minutes have lived for whole bins and the same part of a bin: 3 ns a minute instead of 7.
 */
export class MinuteSurvival {
  private survivals: Float64Array = new Float64Array(1);
  private last = 0;
  /** Streams of minute m are `newest` − m bins old and `part` of one, and then `gap` bins more. */
  newest = 0;
  private part = Number.NaN;
  private gap = 0;
  private laterPart = Number.NaN;
  /** The share of those that have just started. */
  private youngest = Number.NaN;

  /** Looks from `atMs` to `aheadMs` later. An object for each look was 10 MB of garbage a day. */
  look(survivals: Float64Array, atMs: number, aheadMs: number): void {
    const at = atMs / AGE_BIN_MS - 0.5;
    const ahead = at + Math.min(aheadMs, MOST_AHEAD_MS) / AGE_BIN_MS;
    this.survivals = survivals;
    this.last = survivals.length - 1;
    this.newest = Math.floor(at) | 0;
    this.part = at - this.newest;
    const later = Math.floor(ahead) | 0;
    this.gap = later - this.newest;
    this.laterPart = ahead - later;
    this.youngest = survivalAt(survivals, aheadMs) / survivals[0];
  }

  /** The oldest minute whose streams will still be on the curve. */
  get oldestInside(): number {
    return this.newest + this.gap - this.last + 1;
  }

  /** The share of the streams that started in that minute of the run. */
  shareOf(minute: number): number {
    const bin = (this.newest - minute) | 0;
    // The middle of the newest minute may lie ahead.
    if (bin < 0) return this.youngest;
    const { survivals, last } = this;
    if (bin + this.gap < last) return this.shareInside(survivals, bin);
    return survivals[last] / (bin < last ? between(survivals, bin, this.part) : survivals[last]);
  }

  /**
   * The same for streams that are `bin` bins old, from 0 on, and will still be on the curve that it
   * looks at. In a loop, a curve that is passed is checked once, one that is a field each time.
   */
  shareInside(survivals: Float64Array, bin: number): number {
    return between(survivals, (bin + this.gap) | 0, this.laterPart) / between(survivals, bin, this.part);
  }
}

function between(survivals: Float64Array, bin: number, part: number): number {
  const here = survivals[bin];
  return here + (survivals[(bin + 1) | 0] - here) * part;
}
