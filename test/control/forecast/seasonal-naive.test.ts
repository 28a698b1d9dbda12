import { describe, expect, it } from "vitest";
import { BinHistory } from "../../../src/control/forecast/bin-history.js";
import { seasonOf } from "../../../src/control/forecast/season.js";
import { SeasonalNaive } from "../../../src/control/forecast/seasonal-naive.js";

const HOUR = 3_600_000;

function forecasts(model: SeasonalNaive, bins: number, binMs: number, leads: readonly number[]): number[] {
  const history = new BinHistory(0, binMs);
  for (let i = 0; i < bins; i++) history.append(10 * i);
  const out = new Float64Array(leads.length);
  model.predict(history, bins, Int32Array.from(leads), out);
  return [...out];
}

describe("the seasonal naive forecast", () => {
  it("repeats the last day or the last week, over and over", () => {
    expect(forecasts(new SeasonalNaive("day"), 48, HOUR, [1, 24, 25])).toEqual([240, 470, 240]);
    expect(forecasts(new SeasonalNaive("week"), 170, HOUR, [1, 2, 168, 169])).toEqual([20, 30, 1690, 20]);
  });

  it("reads between bins that do not divide the day: ten bins of 2.4 h, or 8 of 2.7 h and 0.89", () => {
    expect(forecasts(new SeasonalNaive("day"), 20, 2.4 * HOUR, [1])).toEqual([100]);
    // 24/2.7 = 8.889 bins: bin 20 less a day is bin 11.111.
    expect(forecasts(new SeasonalNaive("day"), 20, 2.7 * HOUR, [1])[0]).toBeCloseTo(10 * (20 - 24 / 2.7), 9);
  });

  it("needs the season that it repeats, and distinguishes weekdays if that is a week", () => {
    const [day, week] = (["day", "week"] as const).map((period) => new SeasonalNaive(period));
    expect([day.name, week.name]).toEqual(["seasonal-naive-day", "seasonal-naive-week"]);
    expect([day.isWeekly, week.isWeekly]).toEqual([false, true]);
    expect([day.minimumBins(seasonOf(HOUR)), week.minimumBins(seasonOf(HOUR))]).toEqual([24, 168]);
    expect(day.minimumBins(seasonOf(48 * HOUR))).toBe(Number.POSITIVE_INFINITY);
  });
});
