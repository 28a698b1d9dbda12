import type { BinHistory } from "./bin-history.js";
import { seasonBefore, seasonBins, valueAt } from "./season.js";
import { Track } from "./track.js";

/** A season counts as seen after 1/8 of a day of it. */
const RAMPS_PER_DAY = 8;

/**
 * The usual value at a time of the season: an exponentially weighted mean, over past seasons, of
 * the values around that time. Causal: `at(u, end)` reads only history[0, end).
 */
export class SeasonalProfile {
  private readonly track = new Track();
  /** The bins of history that `at` needs. */
  readonly minimumBins: number;
  private readonly isWhole: boolean;

  /**
   * @param period bins of the season, possibly a fraction: then between bins is interpolated
   * @param gain weight of the newest season, in (0, 1]; the first seasons are averaged evenly
   * @param halfWidth bins on either side that are averaged in: noise of a single bin is not a habit
   * @param dayBins bins of a day; 0 = unknown
   */
  constructor(
    readonly period: number,
    private readonly gain: number,
    private readonly halfWidth: number,
    private readonly dayBins: number,
  ) {
    this.minimumBins = seasonBins(period) + halfWidth;
    this.isWhole = Number.isInteger(period);
  }

  /** Carries the profile on to the end of `values`. */
  extend(values: Track): void {
    this.track.growWith(values);
    for (let t = this.track.length; t + this.halfWidth < values.length; t++)
      this.track.append(this.next(values.data, t));
  }

  clear(): void {
    this.track.clear();
  }

  dropFirst(bins: number): void {
    this.track.dropFirst(bins);
  }

  /** The usual value at bin u ≥ end, from history[0, end), end ≥ minimumBins. */
  at(u: number, end: number): number {
    const { period } = this;
    const known = end - this.halfWidth;
    if (!this.isWhole) return valueAt(this.track.data, seasonBefore(u, period, known));
    // Between whole bins nothing is interpolated.
    let at = u - period;
    while (at >= known) at -= period;
    return this.track.data[at];
  }

  private next(y: Float64Array, t: number): number {
    let sum = 0;
    let count = 0;
    for (let i = Math.max(0, t - this.halfWidth); i <= t + this.halfWidth; i++, count++) sum += y[i];
    const now = sum / count;
    if (t < this.period) return now;
    const gain = Math.max(this.gain, 1 / (Math.floor(t / this.period) + this.counted(t % this.period)));
    const before = this.isWhole ? this.track.data[t - this.period] : valueAt(this.track.data, t - this.period);
    return before + gain * (now - before);
  }

  /**
   * The share of a season, `i` bins into it, that counts as seen. It rises to 1 within an eighth
   * of a day. A jump would leave a step in the profile at the phase where the history begins.
   * After whole days a forecast begins at that phase, too. On six days of the bench's series the
   * step cost 15 % of the error at the next bin.
   */
  private counted(i: number): number {
    return Math.min(1, (RAMPS_PER_DAY * i) / (this.dayBins || this.period));
  }
}

/** Half a kernel of about 25 minutes at 5-minute bins, and none where bins are hours. */
export function profileHalfWidth(history: BinHistory): number {
  return Math.floor(history.season.dayBins / 128);
}
