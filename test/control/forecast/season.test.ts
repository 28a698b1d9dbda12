import { describe, expect, it } from "vitest";
import { seasonBefore, seasonBins, seasonOf, seasonUses, valueAt } from "../../../src/control/forecast/season.js";

const MINUTE = 60_000;
const DAY_MS = 86_400_000;

describe("the seasons of bins", () => {
  it("are whole numbers where bins divide them, also up to rounding: 169 bins a day, in whole ms or not", () => {
    expect(seasonOf(5 * MINUTE)).toEqual({ dayBins: 288, weekBins: 2016, dayLag: 288, weekLag: 2016 });
    const of169 = { dayBins: 169, weekBins: 1183, dayLag: 169, weekLag: 1183 };
    expect(seasonOf(DAY_MS / 169)).toEqual(of169);
    expect(seasonOf(Math.round(DAY_MS / 169))).toEqual(of169);
  });

  it("are fractions where bins do not divide them, and none where they are too few", () => {
    const { dayBins, dayLag, weekLag } = seasonOf(7 * MINUTE);
    expect(dayBins).toBe(206);
    expect(dayLag).toBeCloseTo(1440 / 7, 12);
    expect(weekLag).toBe(1440);
    expect(seasonUses(16 * 60 * MINUTE).map(({ use }) => use)).toEqual(["not used", "interpolated"]);
    expect(seasonUses(DAY_MS).map(({ use }) => use)).toEqual(["one bin", "whole bins"]);
  });

  it("are interpolated from eight bins on, and not used below, where no day is near a whole number of bins", () => {
    expect(seasonUses(DAY_MS / 8.5)).toEqual([
      { season: "day", bins: expect.closeTo(8.5, 9), use: "interpolated" },
      { season: "week", bins: expect.closeTo(59.5, 9), use: "interpolated" },
    ]);
    expect(seasonUses(DAY_MS / 7.45).map(({ use }) => use)).toEqual(["not used", "interpolated"]);
    expect(seasonOf(DAY_MS / 7.45)).toEqual({
      dayBins: 0,
      weekBins: 52,
      dayLag: 0,
      weekLag: expect.closeTo(52.15, 9),
    });
    // 0.008 bins off a whole number, and 0.012.
    expect(seasonUses(DAY_MS / 5.008)[0]).toEqual({ season: "day", bins: 5, use: "whole bins" });
    expect(seasonUses(DAY_MS / 5.012)[0].use).toBe("not used");
  });

  it("do not exist in bins of many weeks: 0 is no whole number of bins", () => {
    expect(seasonUses(1000 * DAY_MS).map(({ use }) => use)).toEqual(["not used", "not used"]);
    expect(seasonOf(1000 * DAY_MS)).toEqual({ dayBins: 0, weekBins: 0, dayLag: 0, weekLag: 0 });
  });

  it("are known after as many bins, and one more if they are a fraction", () => {
    expect([24, 10.8, 0].map(seasonBins)).toEqual([24, 12, Number.POSITIVE_INFINITY]);
  });

  it("are looked up between bins, never at or after the end", () => {
    const line = Float64Array.from({ length: 30 }, (_, i) => 10 * i);
    expect(valueAt(line, 4.25)).toBeCloseTo(42.5, 12);
    expect(valueAt(line, 4)).toBe(40);
    expect(valueAt(line, 29)).toBe(290);
    // Bin 19.2 lies one season of 10.8 before bin 30; of bin 45 the nearest known one lies two
    // seasons back.
    expect(seasonBefore(30, 10.8, 30)).toBeCloseTo(19.2, 12);
    expect(seasonBefore(45, 10.8, 30)).toBeCloseTo(23.4, 12);
    expect(seasonBefore(40.5, 10.8, 30)).toBeCloseTo(18.9, 12);
    // One whole season before bin 40 lies bin 30, which is not in the past of end 30.
    expect(seasonBefore(40, 10, 30)).toBe(20);
    expect(seasonBefore(40, 10, 31)).toBe(30);
  });
});
