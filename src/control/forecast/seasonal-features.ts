import type { BinHistory } from "./bin-history.js";
import { profileHalfWidth, SeasonalProfile } from "./seasonal-profile.js";
import { Track } from "./track.js";

/** Columns of a present before its windows: see `fillPresent`. */
const PRESENT = 3;
/** Days whose values are read at the target's time; after them come weeks. */
const DAYS_BACK = 3;

/**
 * The regressors of one forecast: the usual value at the target's time, the same time on earlier
 * days and weeks, and the deviation of the last bins. All are differences, so a row of zeros means
 * "as usual". Reads nothing at or after `end`.
 *
 * What depends on `end` alone (the present) is filled once for all leads. It takes two thirds of
 * the time of a row.
 */
export class SeasonalFeatures {
  /** Numbers in a row. */
  readonly columns: number;
  /** Numbers that a present takes. */
  readonly presentSize: number;
  private readonly day: SeasonalProfile;
  private readonly week: SeasonalProfile | undefined;
  private readonly dayBins: number;
  private readonly dayLag: number;
  private readonly weekLag: number;
  private readonly half: number;
  /**
   * Running sums of values − day profile, of values − week profile, and of values: a mean over any
   * window costs two reads.
   */
  private readonly dayOff = new Track();
  private readonly weekOff = new Track();
  private readonly total = new Track();
  /** The mean of the values around each bin, `half` on either side; 0 where some are missing. */
  private readonly around = new Track();
  private readonly windows: Int32Array;
  private readonly means = new Float64Array(5);
  /** `seasonsBack` of each lead requested so far. */
  private readonly seasons: (Int32Array | undefined)[] = [];

  constructor(history: BinHistory, weekly: boolean) {
    const { dayBins, dayLag, weekLag } = history.season;
    this.dayBins = dayBins;
    this.dayLag = dayLag;
    this.weekLag = weekLag;
    this.half = profileHalfWidth(history);
    this.day = new SeasonalProfile(dayLag, 0.2, this.half, dayBins);
    this.week = weekly ? new SeasonalProfile(weekLag, 0.4, this.half, dayBins) : undefined;
    const day = dayBins;
    this.windows = Int32Array.from(new Set([1, 2, 4, 12, Math.round(day / 8), day].filter((w) => w >= 1)));
    this.columns = 4 + 3 + this.windows.length + (weekly ? 3 + this.windows.length : 0);
    this.presentSize = PRESENT + this.windows.length * (weekly ? 2 : 1);
  }

  /** Ends from which a row can be filled. */
  get minimumBins(): number {
    return (
      (this.week?.minimumBins ?? 0) +
      this.day.minimumBins +
      (this.week === undefined ? this.dayBins : 0) +
      this.half +
      1
    );
  }

  extend(values: Track): void {
    this.day.extend(values);
    this.week?.extend(values);
    for (const part of [this.total, this.dayOff, this.around]) part.growWith(values);
    if (this.week !== undefined) this.weekOff.growWith(values);
    for (let t = this.total.length; t < values.length; t++) {
      const y = values.data[t];
      this.total.append(running(this.total, t) + y);
      const off = t < this.day.minimumBins ? 0 : y - this.day.at(t, t);
      this.dayOff.append(running(this.dayOff, t) + off);
      if (this.week !== undefined) {
        this.weekOff.append(running(this.weekOff, t) + (t < this.week.minimumBins ? off : y - this.week.at(t, t)));
      }
    }
    for (let t = this.around.length; t + this.half < values.length; t++) this.around.append(this.meanAround(t));
  }

  clear(): void {
    for (const part of [this.day, this.week, this.total, this.dayOff, this.weekOff, this.around]) part?.clear();
  }

  dropFirst(bins: number): void {
    for (const part of [this.day, this.week, this.total, this.dayOff, this.weekOff, this.around]) part?.dropFirst(bins);
  }

  /**
   * Fills `out` from `at` on with what depends on `end` alone: the last change, the usual value and
   * the mean of the last day, and the deviations over each window from the day's and the week's
   * profile.
   */
  fillPresent(y: Float64Array, end: number, out: Float64Array, at: number): void {
    const { windows } = this;
    out[at] = y[end - 1] - y[end - 2];
    out[at + 1] = this.day.at(end - 1, end - 1);
    out[at + 2] = mean(this.total, end, this.dayBins);
    let i = at + PRESENT;
    for (let w = 0; w < windows.length; w++) out[i++] = mean(this.dayOff, end, windows[w]);
    if (this.week === undefined) return;
    for (let w = 0; w < windows.length; w++) out[i++] = mean(this.weekOff, end, windows[w]);
  }

  /**
   * Fills `row` from `i` on, `columns` numbers, for the bin end − 1 + lead. Returns the base that
   * the row's terms are added to. The present of `end` stands in `present` from `at` on.
   */
  fill(present: Float64Array, at: number, end: number, lead: number, row: Float64Array, i: number): number {
    const { windows, means } = this;
    const u = end - 1 + lead;
    this.setMeans(u, end, lead);
    const base = this.day.at(u, end);
    row[i] = 1;
    row[i + 1] = present[at];
    row[i + 2] = base - present[at + 1];
    row[i + 3] = base - present[at + 2];
    row[i + 4] = means[0] - base;
    row[i + 5] = means[1] - base;
    row[i + 6] = means[2] - base;
    i += 7;
    let from = at + PRESENT;
    for (let w = 0; w < windows.length; w++) row[i++] = present[from++];
    if (this.week === undefined) return base;
    row[i] = this.week.at(u, end) - base;
    row[i + 1] = means[3] - base;
    row[i + 2] = means[4] - base;
    i += 3;
    for (let w = 0; w < windows.length; w++) row[i++] = present[from++];
    return base;
  }

  /**
   * The distances of the bins that are read for a lead: three in days and two in weeks, at least
   * 1, 2, 3 and 1, 2, and as many more as make the bin known. Int32Array[5], or [3] without weeks.
   */
  private seasonsBack(lead: number): Int32Array {
    const { dayLag, weekLag } = this;
    const days = [1, 2, 3].map((least) => this.knownSeasons(least, dayLag, lead));
    const weeks = this.week === undefined ? [] : [1, 2].map((least) => this.knownSeasons(least, weekLag, lead));
    const found = Int32Array.of(...days, ...weeks);
    this.seasons[lead] = found;
    return found;
  }

  private knownSeasons(least: number, lag: number, lead: number): number {
    let count = least;
    while (Math.round(lead - 1 - count * lag) + this.half >= 0) count++;
    return count;
  }

  /**
   * Sets `means`: the means around the bins at the distances `seasonsBack` before u, or around the
   * nearest such bin inside the history. A method that returned each mean allocated 20 MB a fit.
   */
  private setMeans(u: number, end: number, lead: number): void {
    const { half, means } = this;
    const { data } = this.around;
    const seasons = this.seasons[lead] ?? this.seasonsBack(lead);
    for (let k = 0; k < seasons.length; k++) {
      const lag = k < DAYS_BACK ? this.dayLag : this.weekLag;
      let centre = Math.round(u - seasons[k] * lag) | 0;
      for (let count = seasons[k] - 1; centre - half < 1; count--) centre = Math.round(u - count * lag) | 0;
      means[k] = data[Math.min(centre, end - 1 - half)];
    }
  }

  private meanAround(centre: number): number {
    const { half } = this;
    if (centre - half < 1) return 0;
    return (this.total.data[centre + half] - this.total.data[centre - half - 1]) / (2 * half + 1);
  }
}

function running(track: Track, t: number): number {
  return t === 0 ? 0 : track.data[t - 1];
}

/** The mean of the last `window` bins before `end`, or of as many as there are. */
function mean(sums: Track, end: number, window: number): number {
  const from = end - 1 - window;
  return from < 0 ? sums.data[end - 1] / end : (sums.data[end - 1] - sums.data[from]) / window;
}
