import type { BinHistory } from "./bin-history.js";
import { profileHalfWidth, SeasonalProfile } from "./seasonal-profile.js";
import { Track } from "./track.js";

/**
 * The regressors of one forecast: the usual value at the target's time, the same time on earlier
 * days and weeks, and the deviation of the last bins. All are differences, so a row of zeros means
 * "as usual". Reads nothing at or after `end`.
 */
export class SeasonalFeatures {
  readonly row: Float64Array;
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
  private readonly windows: Int32Array;

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
    this.row = new Float64Array(4 + 3 + this.windows.length + (weekly ? 3 + this.windows.length : 0));
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
    for (let t = this.total.length; t < values.length; t++) {
      const y = values.data[t];
      this.total.append(running(this.total, t) + y);
      const off = t < this.day.minimumBins ? 0 : y - this.day.at(t, t);
      this.dayOff.append(running(this.dayOff, t) + off);
      if (this.week !== undefined) {
        this.weekOff.append(running(this.weekOff, t) + (t < this.week.minimumBins ? off : y - this.week.at(t, t)));
      }
    }
  }

  dropFirst(bins: number): void {
    for (const part of [this.day, this.week, this.total, this.dayOff, this.weekOff]) part?.dropFirst(bins);
  }

  /**
   * Fills `row` for the bin end − 1 + lead and returns the base that the row's terms are added to.
   */
  fill(y: Float64Array, end: number, lead: number): number {
    const row = this.row;
    const u = end - 1 + lead;
    const base = this.day.at(u, end);
    let i = 0;
    row[i++] = 1;
    row[i++] = y[end - 1] - y[end - 2];
    row[i++] = base - this.day.at(end - 1, end - 1);
    row[i++] = base - mean(this.total, end, this.dayBins);
    for (let k = 1; k <= 3; k++) row[i++] = this.around(u, end, k, this.dayLag) - base;
    for (let w = 0; w < this.windows.length; w++) row[i++] = mean(this.dayOff, end, this.windows[w]);
    if (this.week !== undefined) {
      row[i++] = this.week.at(u, end) - base;
      row[i++] = this.around(u, end, 1, this.weekLag) - base;
      row[i++] = this.around(u, end, 2, this.weekLag) - base;
      for (let w = 0; w < this.windows.length; w++) row[i++] = mean(this.weekOff, end, this.windows[w]);
    }
    return base;
  }

  /**
   * The mean around the bin `seasons` of `lag` bins before u, or the nearest such bin before `end`
   * and inside the history.
   */
  private around(u: number, end: number, seasons: number, lag: number): number {
    let count = seasons;
    while (Math.round(u - count * lag) + this.half >= end) count++;
    while (Math.round(u - count * lag) - this.half < 1) count--;
    let centre = Math.round(u - count * lag);
    if (centre + this.half >= end) centre = end - 1 - this.half;
    return (this.total.data[centre + this.half] - this.total.data[centre - this.half - 1]) / (2 * this.half + 1);
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
