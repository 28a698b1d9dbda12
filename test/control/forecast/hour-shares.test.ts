import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { HourShares, hourOf } from "../../../src/control/forecast/hour-shares.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Bin {
  readonly atMs: number;
  readonly own: number;
  readonly all: number;
}

/** The shares and their spread by the formula, from a list of all bins (no running sums). */
function byTheFormula(bins: readonly Bin[], dayBins: number): { spread: number; shares: number[] } {
  const hours = Array.from({ length: 24 }, () => ({ own: 0, all: 0, squared: 0 }));
  bins.forEach(({ atMs, own, all }, i) => {
    // A half-life of three days.
    const weight = 0.5 ** ((bins.length - 1 - i) / (3 * dayBins));
    const hour = hours[new Date(atMs).getUTCHours()];
    hour.own += weight * own;
    hour.all += weight * all;
    hour.squared += weight * weight * all;
  });
  const total = (key: "own" | "all"): number => hours.reduce((sum, hour) => sum + hour[key], 0);
  const overall = total("own") / total("all");
  let excess = 0;
  let mass = 0;
  for (const { own, all, squared } of hours) {
    excess += (own - overall * all) ** 2 - overall * squared;
    mass += (overall * all) ** 2;
  }
  const spread = Math.max(0, excess / mass);
  const shares = hours.map(({ own, all, squared }) => {
    const signal = spread * (overall * all) ** 2;
    if (signal === 0) return overall;
    const credibility = signal / (signal + overall * squared);
    return Math.min(1, overall + credibility * (own / all - overall));
  });
  return { spread, shares };
}

function learnt(bins: readonly Bin[], dayBins: number): HourShares {
  const shares = new HourShares(dayBins);
  for (const { atMs, own, all } of bins) shares.learn(atMs, own, all);
  return shares;
}

/** Half-hourly bins, of which the series has a share that changes with the hour by `swing`. */
function binsOf(swing: number, count: number): Bin[] {
  const random = new RandomStream("hour shares");
  return Array.from({ length: count }, (_, i) => {
    const atMs = 5 * DAY + (i * HOUR) / 2;
    const share = 0.3 * (1 + swing * Math.sin((2 * Math.PI * i) / 48));
    const all = 10 + random.integerBelow(60);
    return { atMs, all, own: random.poisson(all * share) };
  });
}

describe("the shares of hours", () => {
  it.each([0, 0.3, 0.9])("are those of the formula of Bühlmann and Straub, with shares that swing by %d", (swing) => {
    const bins = binsOf(swing, 48 * 5);
    const shares = learnt(bins, 48);
    const expected = byTheFormula(bins, 48);
    expect(shares.spread()).toBeCloseTo(expected.spread, 9);
    shares.shares().forEach((share, hour) => {
      expect(share).toBeCloseTo(expected.shares[hour], 9);
    });
    if (swing > 0) expect(expected.spread).toBeGreaterThan(0.01);
  });

  it("are the overall share at hours that were not seen", () => {
    const bins = binsOf(0.9, 20);
    const shares = learnt(bins, 48).shares();
    const total = (key: "own" | "all"): number =>
      bins.reduce((sum, bin, i) => sum + 0.5 ** ((19 - i) / 144) * bin[key], 0);
    expect(shares[20]).toBeCloseTo(total("own") / total("all"), 9);
    expect(shares[0]).not.toBeCloseTo(shares[20], 3);
  });

  it("are not above 1, also where a series counts more than its parent", () => {
    const bins = Array.from({ length: 48 }, (_, i) => ({ atMs: i * HOUR, own: i % 24 < 12 ? 900 : 300, all: 500 }));
    const shares = learnt(bins, 24);
    expect(shares.shares()[0]).toBe(1);
    expect(shares.shares()[20]).toBeLessThan(1);
  });

  it("are 0 before anything is known, and where the parent is silent", () => {
    expect([...new HourShares(24).shares()]).toEqual(new Array(24).fill(0));
    expect(new HourShares(24).spread()).toBe(0);
    const silent = learnt([{ atMs: 0, own: 0, all: 0 }], 24);
    expect([...silent.shares()]).toEqual(new Array(24).fill(0));
    expect(silent.spread()).toBe(0);
  });

  it("ignore a bin in which either count is unknown", () => {
    const bins = binsOf(0.5, 96);
    const unknown = [
      { own: Number.NaN, all: 40 },
      { own: 4, all: Number.NaN },
      { own: -1, all: 40 },
      { own: 4, all: -1 },
    ].map((counts) => ({ atMs: 7 * HOUR, ...counts }));
    expect(learnt([...bins, ...unknown], 48).shares()).toEqual(learnt(bins, 48).shares());
    // Counts of 0 are known.
    const quiet = learnt([...bins, { atMs: 7 * HOUR, own: 0, all: 40 }], 48);
    expect(quiet.shares()[7]).toBeLessThan(learnt(bins, 48).shares()[7]);
  });
});

describe("the hour of a time", () => {
  it("is that of UTC, before 1970, too", () => {
    for (const atMs of [0, HOUR - 1, HOUR, DAY - 1, DAY, 20_000 * DAY + 13.5 * HOUR, -1, -HOUR, -DAY, -30.5 * HOUR])
      expect(hourOf(atMs)).toBe(new Date(atMs).getUTCHours());
  });
});
