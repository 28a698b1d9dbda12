import { describe, expect, it } from "vitest";
import type { BinHistory } from "../../../src/control/forecast/bin-history.js";
import type { CountSpace } from "../../../src/control/forecast/count-space.js";
import { ProfileAr } from "../../../src/control/forecast/profile-ar.js";
import { profileHalfWidth, SeasonalProfile } from "../../../src/control/forecast/seasonal-profile.js";
import { Track } from "../../../src/control/forecast/track.js";
import { forecasts } from "./fitted-model.js";
import { DAY_MS, HOUR, historyOf, MINUTE, scatteredCounts } from "./known-histories.js";
import { distance, plainRidge, plainScale } from "./plain-model.js";
import { expectGoesOn, expectLearnsAgain, expectNoForecastYet, leastBins } from "./point-model-checks.js";

/** The model by its definition; every `stride`-th bin from the last one back is learnt from. */
function plainProfileAr(period: "day" | "week", space: CountSpace, history: BinHistory, end: number, stride: number) {
  const { dayBins, dayLag, weekLag } = history.season;
  const { offset, ceiling, into, from } = plainScale(space, history.values.data, end);
  const z = Array.from(history.values.data.subarray(0, end), into);
  const track = new Track();
  for (const value of z) track.append(value);
  const [lag, gain] = period === "week" ? [weekLag, 0.35] : [dayLag, 0.2];
  const profile = new SeasonalProfile(lag, gain, profileHalfWidth(history), dayBins);
  profile.extend(track);
  const first = profile.minimumBins;
  const off = z.map((value, t) => (t < first ? 0 : value - profile.at(t, t)));
  const lags = [1, 2, 3, Math.max(4, Math.floor(dayBins / 8)), dayBins];
  const learnt = Array.from({ length: end }, (_, i) => end - 1 - i * stride).filter(
    (t) => t >= first + dayBins && history.observed.data[t] === 1,
  );
  const rows = learnt.map((t) => ({ x: lags.map((back) => off[t - back]), y: off[t], weight: 1 }));
  const coefficients = plainRidge(rows, () => 0.01, 5);
  const path = off.slice();
  const forecast = (lead: number): number => {
    for (let t = path.length; t < end + lead; t++)
      path.push(lags.reduce((sum, back, i) => sum + coefficients[i] * path[t - back], 0));
    return from(profile.at(end - 1 + lead, end) + path[end - 1 + lead]);
  };
  return { parameters: [offset, ceiling, ...coefficients], forecast };
}

describe("profile + AR", () => {
  it.each([
    ["day", "log", 4 * HOUR, 6 * 20, 1],
    ["week", "sqrt", 2 * HOUR, 12 * 23, 1],
    ["day", "identity", HOUR, 24 * 10, 1],
    ["week", "log", 39 * MINUTE, 900, 1],
    // Two days make no rows: of 8,400 bins all rows are learnt from, of 8,600 each second.
    ["day", "identity", 5 * MINUTE, 8_400, 1],
    ["day", "identity", 5 * MINUTE, 8_600, 2],
  ] as const)("of season %s, %s, is the plain regression of its definition, in bins of %s ms", (...given) => {
    const [period, space, binMs, end, stride] = given;
    const history = historyOf(scatteredCounts(`ar ${given.join()}`, end + 9, DAY_MS / binMs, true), binMs);
    const plain = plainProfileAr(period, space, history, end, stride);
    const parameters = new ProfileAr(space, period).learn(history, end);
    expect(distance(parameters, plain.parameters)).toBeLessThan(1e-9);
    const model = new ProfileAr(space, period);
    model.restore(history, parameters);
    for (const leads of [[1, 2, 3, 7, 24, 40], [1], [5, 60, 300]])
      expect(distance(forecasts(model, history, leads, end), leads.map(plain.forecast))).toBeLessThan(1e-9);
  });

  it.each([["day"], ["week"]] as const)(
    "of season %s learns again as one that starts anew, after the history went on or forgot bins",
    (period) => {
      expectLearnsAgain(
        () => new ProfileAr("log", period),
        scatteredCounts(`ar again ${period}`, 24 * 24, 24),
        [1, 24, 30],
      );
    },
  );

  it.each([["day"], ["week"]] as const)("of season %s goes on bin by bin as from the start", (period) => {
    const counts = scatteredCounts(`ar extended ${period}`, 24 * 20, 24);
    expectGoesOn(
      () => new ProfileAr("identity", period),
      (history) => new ProfileAr("identity", period).learn(history, history.length),
      counts,
    );
  });

  it("needs its season and two days of bins, and bins that make a day", () => {
    const bins = (period: "day" | "week") => leastBins(new ProfileAr("log", period));
    expect(bins("day")).toEqual([72, 3 * 37, Number.POSITIVE_INFINITY]);
    expect(bins("week")).toEqual([216, 258 + 2 * 37, Number.POSITIVE_INFINITY]);
  });

  it("has a name for its season and its space, and no forecast before it has parameters", () => {
    const [day, week] = [new ProfileAr("log", "day"), new ProfileAr("identity", "week")];
    expect([day.name, day.isWeekly, week.name, week.isWeekly]).toEqual([
      ...["profile-ar-day-log", false],
      ...["profile-ar-week-identity", true],
    ]);
    expectNoForecastYet(day);
  });
});
