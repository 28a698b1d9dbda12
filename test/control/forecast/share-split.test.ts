import { describe, expect, it } from "vitest";
import { HourShares, hourOf } from "../../../src/control/forecast/hour-shares.js";
import { LeadRecords } from "../../../src/control/forecast/lead-records.js";
import { seasonOf } from "../../../src/control/forecast/season.js";
import { ShareSplit } from "../../../src/control/forecast/share-split.js";
import { DEFAULT_LEVELS, type Forecast, type Forecaster, type Series } from "../../../src/ports/forecaster.js";

const HOUR = 3_600_000;
const START_MS = 30 * 24 * HOUR + 5 * HOUR;

const parentValue = (t: number): number => 400 + ((37 * t) % 90);

/** About a tenth of the parent, in the afternoon twice as much; one bin is unknown. */
function ownValue(t: number, binMs: number): number {
  if (t === 70) return Number.NaN;
  const share = hourOf(START_MS + t * binMs) >= 12 ? 0.2 : 0.1;
  return Math.round(share * parentValue(t)) + ((t * 7) % 5);
}

/** A parent whose median of the bin `lead` ahead is 500 + lead + 10 × the bins that it has seen. */
class Parent implements Forecaster {
  readonly name = "parent";
  /** The levels that it was asked for, call by call. */
  readonly asked: (readonly number[])[] = [];
  private seen = 0;
  fit(): void {}
  update(): void {
    this.seen++;
  }
  median(lead: number): number {
    return 500 + lead + 10 * this.seen;
  }
  forecast(bins: number, levels: readonly number[] = DEFAULT_LEVELS): Forecast {
    this.asked.push(levels);
    const row = (more: number) => Float64Array.from({ length: bins }, (_, i) => this.median(i + 1) + more);
    // The mean is 3 above the median.
    return { mean: row(3), levels, quantiles: levels.map(() => row(0)) };
  }
}

interface Case {
  readonly binMs: number;
  readonly bins: number;
  readonly longestLead?: number;
}

/** A split that learnt `bins` bins, and the records and shares that the documented rule gives. */
class Split {
  readonly parent = new Parent();
  readonly counted: HourShares;
  readonly records: LeadRecords;
  readonly split: ShareSplit;
  readonly dayBins: number;
  private readonly past: Series;
  private readonly rungs: number[];

  constructor(private readonly options: Case) {
    const { binMs, bins, longestLead } = options;
    const season = seasonOf(binMs);
    this.dayBins = season.dayBins || 288;
    this.past = { startMs: START_MS, binMs, values: Float64Array.from({ length: bins }, (_, t) => parentValue(t)) };
    this.split = new ShareSplit(this.parent, this.past, season, longestLead);
    this.counted = new HourShares(this.dayBins);
    const longest = longestLead ?? Number.POSITIVE_INFINITY;
    this.rungs = [1, 2, 3, 5, 9, 18, 36, 72, 144, 240]
      .filter((lead) => lead <= Math.max(12, season.dayBins))
      .filter((_, i, all) => i === 0 || all[i - 1] < longest);
    const leads = { rungs: Int32Array.from(this.rungs), dayBins: season.dayBins };
    this.records = new LeadRecords(leads, [{ name: "share" }], 7 * this.dayBins);
    this.fit();
  }

  private fit(): void {
    const { binMs, bins } = this.options;
    const own = Float64Array.from({ length: bins }, (_, t) => ownValue(t, binMs));
    this.split.fit({ ...this.past, values: own });
    let shares = new Float64Array(24);
    for (let t = 0; t < bins; t++) {
      // The last three days are replayed, with the parent's values, and new shares every hour.
      if (t >= bins - 3 * this.dayBins && t > 0) {
        if (t % Math.max(1, Math.round(this.dayBins / 24)) === 0) shares = this.counted.shares() as typeof shares;
        const known = (target: number) => (target < bins ? parentValue(target) : Number.NaN);
        this.note(t, (target) => known(target) * shares[this.hour(target)]);
      }
      this.take(t);
    }
    this.issue(bins);
  }

  update(t: number): void {
    this.parent.update();
    this.split.update(ownValue(t, this.options.binMs), parentValue(t));
    this.take(t);
    this.issue(t + 1);
  }

  share(t: number): number {
    return this.counted.shares()[this.hour(t)];
  }

  private hour(t: number): number {
    return hourOf(START_MS + t * this.options.binMs);
  }

  private take(t: number): void {
    const own = ownValue(t, this.options.binMs);
    this.records.mature(t, own, 1);
    this.counted.learn(START_MS + t * this.options.binMs, own, parentValue(t));
  }

  private issue(end: number): void {
    this.note(end, (target) => this.parent.median(target - end + 1) * this.share(target));
  }

  private note(end: number, forecast: (target: number) => number): void {
    this.rungs.forEach((lead, j) => {
      this.records.row(0)[j] = forecast(end - 1 + lead);
    });
    this.records.note(end);
  }
}

const CASES: readonly (readonly [string, Case])[] = [
  ["hours, from five days", { binMs: HOUR, bins: 24 * 5 }],
  ["hours, from two days, up to four bins ahead", { binMs: HOUR, bins: 24 * 2, longestLead: 4 }],
  ["twenty minutes, from four days", { binMs: HOUR / 3, bins: 72 * 4 }],
  ["ten hours, which make no day", { binMs: 10 * HOUR, bins: 90 }],
  ["hours, from none", { binMs: HOUR, bins: 0 }],
];

describe("a series that takes a share of its parent", () => {
  it.each(CASES)("has the parent's mean and median by the hour's share, and its own residuals: %s", (_, options) => {
    const made = new Split(options);
    const ahead = Math.min(options.longestLead ?? 12, 12);
    for (let t = options.bins; t < options.bins + 30; t++) {
      const { mean, levels, quantiles } = made.split.forecast(ahead);
      expect(levels).toBe(DEFAULT_LEVELS);
      for (let i = 0; i < ahead; i++) {
        const share = made.share(t + i);
        expect(mean[i]).toBeCloseTo((made.parent.median(i + 1) + 3) * share, 9);
        const point = made.parent.median(i + 1) * share;
        levels.forEach((level, k) => {
          expect(quantiles[k][i]).toBeCloseTo(made.records.quantile(point, i + 1, level), 9);
        });
      }
      made.update(t);
    }
  });

  it("asks its parent for no quantile if none is asked for, and gives the same means", () => {
    const { split, parent } = new Split({ binMs: HOUR, bins: 72 });
    const { mean } = split.forecast(6, [0.9]);
    expect(parent.asked[parent.asked.length - 1]).toEqual([0.5]);
    expect(split.forecast(6, [])).toEqual({ mean, levels: [], quantiles: [] });
    expect(parent.asked[parent.asked.length - 1]).toEqual([]);
  });

  it("begins anew with each fit", () => {
    const options = { binMs: HOUR, bins: 72 };
    const [once, twice] = [new Split(options), new Split(options)];
    const values = Float64Array.from({ length: 72 }, (_, t) => ownValue(t, HOUR));
    twice.split.fit({ startMs: START_MS, binMs: HOUR, values });
    expect(twice.split.forecast(12)).toEqual(once.split.forecast(12));
  });
});
