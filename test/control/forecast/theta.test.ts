import { describe, expect, it } from "vitest";
import type { BinHistory } from "../../../src/control/forecast/bin-history.js";
import type { CountSpace } from "../../../src/control/forecast/count-space.js";
import { profileHalfWidth, SeasonalProfile } from "../../../src/control/forecast/seasonal-profile.js";
import { Theta } from "../../../src/control/forecast/theta.js";
import { Track } from "../../../src/control/forecast/track.js";
import { forecasts } from "./fitted-model.js";
import { DAY_MS, HOUR, historyOf, MINUTE, scatteredCounts } from "./known-histories.js";
import { distance, plainScale } from "./plain-model.js";
import { expectGoesOn, expectLearnsAgain, leastBins } from "./point-model-checks.js";

type Period = "none" | "day" | "week";
const GAINS = [0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1];

/** The model by its definition, learnt from history[0, end). */
function plainTheta(period: Period, space: CountSpace, history: BinHistory, end: number) {
  const { season } = history;
  const { offset, ceiling, into, from } = plainScale(space, history.values.data, end);
  const z = Array.from(history.values.data.subarray(0, end), into);
  const track = new Track();
  for (const value of z) track.append(value);
  const lag = period === "week" ? season.weekLag : season.dayLag;
  const profile =
    period === "none"
      ? undefined
      : new SeasonalProfile(lag, period === "week" ? 0.4 : 0.25, profileHalfWidth(history), season.dayBins);
  profile?.extend(track);
  const first = profile?.minimumBins ?? 0;
  const off = z.map((value, t) => (profile === undefined ? value : t < first ? 0 : value - profile.at(t, t)));
  const recent = off.slice(Math.max(1, first, end - 3 * Math.max(lag, 200)));
  const losses = GAINS.map((gain) => {
    let level = recent[0];
    return recent.slice(1).reduce((sum, value) => {
      const miss = Math.abs(value - level);
      level += gain * (value - level);
      return sum + miss;
    }, 0);
  });
  const gain = GAINS[losses.indexOf(Math.min(...losses))];
  const season1 = Math.round(lag);
  const mean = (from: number): number => z.slice(from, from + season1).reduce((sum, value) => sum + value, 0) / season1;
  const drift =
    profile === undefined || end < 2 * season1 ? 0 : (mean(end - season1) - mean(end - 2 * season1)) / season1 / 2;
  const level = off.reduce((before, value) => before + gain * (value - before), off[0]);
  const forecast = (lead: number): number => from((profile?.at(end - 1 + lead, end) ?? 0) + level + drift * lead);
  return { parameters: [offset, ceiling, gain, drift], forecast };
}

describe("theta", () => {
  it.each([
    ["none", "identity", HOUR, 40],
    ["day", "identity", HOUR, 24 * 6],
    ["none", "sqrt", HOUR, 900],
    ["none", "identity", DAY_MS, 300],
    ["day", "identity", HOUR, 24 * 30],
    ["day", "log", HOUR, 24 * 2],
    ["day", "log", HOUR, 47],
    ["week", "sqrt", HOUR, 24 * 30],
    ["week", "identity", HOUR, 24 * 9],
    ["day", "identity", 39 * MINUTE, 800],
    ["day", "identity", 5 * MINUTE, 288 * 4],
    ["week", "identity", DAY_MS, 100],
  ] as const)("of season %s, %s, finds the gain and the forecasts of a plain search in bins of %s ms", (...given) => {
    const [period, space, binMs, end] = given;
    const history = historyOf(scatteredCounts(`theta ${given.join()}`, end + 9, DAY_MS / binMs, true), binMs);
    const parameters = new Theta(period, space).learn(history, end);
    // The model learns from a part of the history, and forecasts from all of it.
    const plain = plainTheta(period, space, history, end);
    expect(distance(parameters, plain.parameters)).toBeLessThan(1e-12);
    const whole = historyOf(Array.from(history.values.data.subarray(0, end)), binMs);
    const model = new Theta(period, space);
    model.restore(whole, parameters);
    const leads = [1, 2, 5, 24, 25, 169];
    const wanted = leads.map(plain.forecast);
    expect(distance(forecasts(model, whole, leads), wanted)).toBeLessThan(1e-9);
    model.restore(history, parameters);
    expect(distance(forecasts(model, history, leads, end), wanted)).toBeLessThan(1e-9);
  });

  it.each([["day"], ["week"], ["none"]] as const)(
    "of season %s learns again as one that starts anew, after the history went on or forgot bins",
    (period) => {
      expectLearnsAgain(() => new Theta(period, "log"), scatteredCounts(`again ${period}`, 24 * 24, 24), [1, 24, 30]);
    },
  );

  it.each([["day"], ["week"], ["none"]] as const)("of season %s goes on bin by bin as from the start", (period) => {
    const counts = scatteredCounts(`extended ${period}`, 24 * 20, 24);
    expectGoesOn(
      () => new Theta(period),
      () => Float64Array.of(1, 1e9, 0.3, 0.02),
      counts,
    );
  });

  it("needs a season, a quarter of a day and two bins; without a season two bins", () => {
    const bins = (period: Period) => leastBins(new Theta(period));
    expect(bins("none")).toEqual([2, 2, 2]);
    // 36.92 + 9.25 and 258.46 + 9.25 bins of 39 min; 7 days and a quarter of a week of days.
    expect(bins("day")).toEqual([32, 47 + 2, Number.POSITIVE_INFINITY]);
    expect(bins("week")).toEqual([176, 268 + 2, 9 + 2]);
  });

  it("has a name for its season and its space", () => {
    const models = [new Theta("none"), new Theta("none", "sqrt"), new Theta("day"), new Theta("week", "log")];
    expect(models.map(({ name, isWeekly }) => [name, isWeekly])).toEqual([
      ["ses", false],
      ["ses-sqrt", false],
      ["theta-day", false],
      ["theta-week-log", true],
    ]);
  });
});
