import { type Season, seasonOf } from "./season.js";
import { Track } from "./track.js";

/**
 * Larger counts are not plausible and count as unknown. The square of this is still exact enough to
 * sum.
 */
const LARGEST_COUNT = 1e15;

/**
 * The past of one series as models read it, without gaps. An unknown bin (NaN, negative, above
 * 10¹⁵) takes the value of a day before, or else the last value. It is marked as not observed and
 * never scored.
 */
export class BinHistory {
  readonly values = new Track();
  readonly observed = new Track();
  readonly season: Season;

  /** `startMs`: when the first bin starts, ms since 1970 (UTC). */
  constructor(
    public startMs: number,
    readonly binMs: number,
  ) {
    this.season = seasonOf(binMs);
  }

  get length(): number {
    return this.values.length;
  }

  /** The value of bin `i`; NaN if it was not observed. */
  observedValue(i: number): number {
    return this.observed.data[i] === 1 ? this.values.data[i] : Number.NaN;
  }

  /** Makes room for this many bins at once. */
  reserve(bins: number): void {
    this.values.reserve(bins);
    this.observed.reserve(bins);
  }

  append(value: number): void {
    const known = value >= 0 && value <= LARGEST_COUNT;
    const n = this.values.length;
    const lag = this.season.dayBins;
    const stand = lag > 0 && n >= lag ? this.values.data[n - lag] : n > 0 ? this.values.data[n - 1] : 0;
    this.values.append(known ? value : stand);
    this.observed.append(known ? 1 : 0);
  }

  dropFirst(bins: number): void {
    this.values.dropFirst(bins);
    this.observed.dropFirst(bins);
    this.startMs += bins * this.binMs;
  }

  /** When bin `i` starts, ms since 1970 (UTC); `i` may lie in the future. */
  timeMs(i: number): number {
    return this.startMs + i * this.binMs;
  }
}
