import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { BinHistory } from "../../../src/control/forecast/bin-history.js";
import { SeasonalFeatures } from "../../../src/control/forecast/seasonal-features.js";
import { SeasonalProfile } from "../../../src/control/forecast/seasonal-profile.js";

const HOUR = 3_600_000;

interface Case {
  readonly name: string;
  readonly binMs: number;
  readonly days: number;
  readonly weekly: boolean;
}

const CASES: readonly Case[] = [
  { name: "hours, by the day", binMs: HOUR, days: 4, weekly: false },
  { name: "hours, by the week", binMs: HOUR, days: 10, weekly: true },
  { name: "8 minutes, averaged over three of them", binMs: (2 / 15) * HOUR, days: 4, weekly: false },
  { name: "1.7 hours, which do not divide the day", binMs: 1.7 * HOUR, days: 20, weekly: true },
  { name: "12 hours, of which a day has two", binMs: 12 * HOUR, days: 30, weekly: true },
  { name: "12 hours, by the day, fewer than the longest window", binMs: 12 * HOUR, days: 5, weekly: false },
];

function historyOf({ binMs, days }: Case): BinHistory {
  const history = new BinHistory(0, binMs);
  const random = new RandomStream("features");
  for (let t = 0; t < (days * 24 * HOUR) / binMs; t++) history.append(100 + 60 * random.uniform() + t / 10);
  return history;
}

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

/** The rows by their description: windows are sliced, and sums are taken anew for each number. */
class Described {
  private readonly day: SeasonalProfile;
  private readonly week: SeasonalProfile;
  private readonly half: number;
  private readonly y: number[];
  readonly windows: number[];

  constructor(
    private readonly history: BinHistory,
    private readonly weekly: boolean,
  ) {
    const { dayBins, dayLag, weekLag } = history.season;
    this.half = Math.floor(dayBins / 128);
    this.y = [...history.values.data.subarray(0, history.length)];
    this.day = new SeasonalProfile(dayLag, 0.2, this.half, dayBins);
    this.week = new SeasonalProfile(weekLag, 0.4, this.half, dayBins);
    this.day.extend(history.values);
    this.week.extend(history.values);
    this.windows = [...new Set([1, 2, 4, 12, Math.round(dayBins / 8), dayBins])].filter((bins) => bins > 0);
  }

  row(end: number, lead: number): number[] {
    const { y, day, week, windows } = this;
    const u = end - 1 + lead;
    const base = day.at(u, end);
    const lastDay = y.slice(end - this.history.season.dayBins, end);
    const { dayLag, weekLag } = this.history.season;
    const off = (profile: SeasonalProfile, other?: SeasonalProfile) => (t: number) => {
      const usable = [profile, other].find((each) => each !== undefined && t >= each.minimumBins);
      return usable === undefined ? 0 : y[t] - usable.at(t, t);
    };
    const over = (window: number, term: (t: number) => number): number => {
      const bins = Math.min(window, end);
      return sum(Array.from({ length: bins }, (_, i) => term(end - 1 - i))) / bins;
    };
    return [
      1,
      y[end - 1] - y[end - 2],
      base - day.at(end - 1, end - 1),
      base - sum(lastDay) / lastDay.length,
      ...[1, 2, 3].map((least) => this.around(u, end, least, dayLag) - base),
      ...windows.map((bins) => over(bins, off(day))),
      ...(this.weekly ? [week.at(u, end) - base] : []),
      ...(this.weekly ? [1, 2].map((least) => this.around(u, end, least, weekLag) - base) : []),
      ...(this.weekly ? windows.map((bins) => over(bins, off(week, day))) : []),
    ];
  }

  /** The mean around the bin `least` seasons before u, or around the nearest that is known. */
  private around(u: number, end: number, least: number, lag: number): number {
    const { half } = this;
    let count = least;
    while (Math.round(u - count * lag) + half >= end) count++;
    while (Math.round(u - count * lag) - half < 1) count--;
    const centre = Math.min(Math.round(u - count * lag), end - 1 - half);
    return sum(this.y.slice(centre - half, centre + half + 1)) / (2 * half + 1);
  }
}

function rowsOf(features: SeasonalFeatures, history: BinHistory, end: number, lead: number): number[] {
  // An offset of one on either side shows a write beside the row.
  const present = new Float64Array(features.presentSize + 2);
  const row = new Float64Array(features.columns + 2);
  features.fillPresent(history.values.data, end, present, 1);
  features.fill(present, 1, end, lead, row, 1);
  expect([present[0], present[present.length - 1], row[0], row[row.length - 1]]).toEqual([0, 0, 0, 0]);
  return [...row.subarray(1, row.length - 1)];
}

describe("the regressors of a seasonal regression", () => {
  it.each(CASES)("are the described differences and means: $name", (options) => {
    const history = historyOf(options);
    const features = new SeasonalFeatures(history, options.weekly);
    features.extend(history.values);
    const described = new Described(history, options.weekly);
    const { dayBins, weekBins } = history.season;
    expect(features.minimumBins).toBeLessThan(history.length);
    const ends = [features.minimumBins, Math.ceil((features.minimumBins + history.length) / 2), history.length];
    for (const end of ends) {
      for (const lead of [1, 2, Math.ceil(dayBins / 2), dayBins, dayBins + 1, 2 * dayBins + 3, weekBins + 2]) {
        const row = rowsOf(features, history, end, lead);
        const expected = described.row(end, lead);
        expect(row).toHaveLength(expected.length);
        row.forEach((value, i) => {
          expect(Math.abs(value - expected[i]), `end ${end} lead ${lead} column ${i}`).toBeLessThan(1e-8);
        });
      }
    }
  });

  it("return the usual value at the target's time, to which the row's terms are added", () => {
    const history = historyOf(CASES[1]);
    const features = new SeasonalFeatures(history, true);
    features.extend(history.values);
    const day = new SeasonalProfile(24, 0.2, 0, 24);
    day.extend(history.values);
    const present = new Float64Array(features.presentSize);
    features.fillPresent(history.values.data, 240, present, 0);
    const row = new Float64Array(features.columns);
    expect(features.fill(present, 0, 240, 5, row, 0)).toBe(day.at(244, 240));
    const daily = new SeasonalFeatures(history, false);
    daily.extend(history.values);
    expect(daily.fill(present, 0, 240, 5, new Float64Array(daily.columns), 0)).toBe(day.at(244, 240));
  });

  it("need a season and a day, and half a kernel, before the first row", () => {
    const minimum = (weekly: boolean, binMs: number): number =>
      new SeasonalFeatures(new BinHistory(0, binMs), weekly).minimumBins;
    // A day's profile needs 24 bins, its deviations a day more; one bin for the last change.
    expect(minimum(false, HOUR)).toBe(24 + 24 + 1);
    expect(minimum(true, HOUR)).toBe(168 + 24 + 1);
    // 5-minute bins: each profile and the means around a bin need two bins more.
    expect(minimum(false, HOUR / 12)).toBe(288 + 2 + 288 + 2 + 1);
    expect(minimum(true, HOUR / 12)).toBe(2016 + 2 + 288 + 2 + 2 + 1);
  });

  it("are the same when the values come bin by bin, and after the first days were dropped", () => {
    for (const { days, ...options } of [CASES[0], CASES[1], CASES[2]]) {
      const history = historyOf({ ...options, days: days + 8 });
      const atOnce = new SeasonalFeatures(history, options.weekly);
      atOnce.extend(history.values);
      const grown = new BinHistory(0, options.binMs);
      const features = new SeasonalFeatures(grown, options.weekly);
      for (let t = 0; t < history.length; t++) {
        grown.append(history.values.data[t]);
        features.extend(grown.values);
      }
      const { dayBins } = history.season;
      const leads = [1, 7, dayBins];
      const before = leads.map((lead) => rowsOf(atOnce, history, history.length, lead));
      expect(leads.map((lead) => rowsOf(features, grown, grown.length, lead))).toEqual(before);
      // Nothing that is read at the end lies more than two weeks and a day back.
      grown.dropFirst(dayBins);
      features.dropFirst(dayBins);
      leads.forEach((lead, i) => {
        rowsOf(features, grown, grown.length, lead).forEach((value, column) => {
          expect(value).toBeCloseTo(before[i][column], 8);
        });
      });
    }
  });
});
