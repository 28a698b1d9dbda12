import { describe, expect, it } from "vitest";
import { Additive } from "../../../src/control/forecast/additive.js";
import { defaultMembers, FORECASTER_NAMES, namedForecaster } from "../../../src/control/forecast/default-forecaster.js";
import { DirectRidge } from "../../../src/control/forecast/direct-ridge.js";
import { DoubleSeasonal } from "../../../src/control/forecast/double-seasonal.js";
import { Ensemble } from "../../../src/control/forecast/ensemble.js";
import { LastValue } from "../../../src/control/forecast/last-value.js";
import type { PointModel } from "../../../src/control/forecast/point-model.js";
import { ProfileAr } from "../../../src/control/forecast/profile-ar.js";
import { SeasonalNaive } from "../../../src/control/forecast/seasonal-naive.js";
import { SimilarDays } from "../../../src/control/forecast/similar-days.js";
import { Theta } from "../../../src/control/forecast/theta.js";
import { HOUR, historyOf, scatteredCounts } from "./known-histories.js";

const models: readonly (readonly [name: string, model: (longestLead?: number) => PointModel])[] = [
  ["last-value", () => new LastValue()],
  ["seasonal-naive-day", () => new SeasonalNaive("day")],
  ["seasonal-naive-week", () => new SeasonalNaive("week")],
  ["ses", () => new Theta("none")],
  ["theta-day", () => new Theta("day", "identity")],
  ["theta-day-sqrt", () => new Theta("day", "sqrt")],
  ["theta-week", () => new Theta("week", "identity")],
  ["theta-week-sqrt", () => new Theta("week", "sqrt")],
  ["ridge-day", (lead) => new DirectRidge("identity", "day", lead)],
  ["ridge-day-log", (lead) => new DirectRidge("log", "day", lead)],
  ["ridge-day-sqrt", (lead) => new DirectRidge("sqrt", "day", lead)],
  ["ridge-week", (lead) => new DirectRidge("identity", "week", lead)],
  ["ridge-week-log", (lead) => new DirectRidge("log", "week", lead)],
  ["ridge-week-sqrt", (lead) => new DirectRidge("sqrt", "week", lead)],
  ["holt-winters", () => new DoubleSeasonal("identity")],
  ["holt-winters-sqrt", () => new DoubleSeasonal("sqrt")],
  ["holt-winters-log", () => new DoubleSeasonal("log")],
  ["profile-ar-day", () => new ProfileAr("identity", "day")],
  ["profile-ar-day-log", () => new ProfileAr("log", "day")],
  ["profile-ar-week", () => new ProfileAr("identity", "week")],
  ["profile-ar-week-log", () => new ProfileAr("log", "week")],
  ["additive", () => new Additive()],
  ["similar-days", () => new SimilarDays("identity")],
  ["similar-days-log", () => new SimilarDays("log")],
  ["similar-days-sqrt", () => new SimilarDays("sqrt")],
];

const series = { startMs: 0, binMs: HOUR, values: Float64Array.from(scatteredCounts("named", 24 * 11, 24)) };

describe("the forecasters by name", () => {
  it("are the ensemble and each single model", () => {
    expect(FORECASTER_NAMES).toEqual(["ensemble", ...models.map(([name]) => name)]);
  });

  it("include no other name, be it one that every object has", () => {
    expect(["lstm", "toString", "constructor", ""].map((name) => namedForecaster(name))).toEqual(
      new Array(4).fill(undefined),
    );
  });

  it.each(models)("%s learns what an ensemble of that one model learns", (name, model) => {
    const [named, own] = [namedForecaster(name), new Ensemble(name, [model()])];
    named?.fit(series);
    own.fit(series);
    expect(named?.name).toBe(name);
    expect(named?.longestLead).toBe(Number.POSITIVE_INFINITY);
    expect(named?.state()).toEqual(own.state());
  });

  it.each(models.filter(([name]) => name.startsWith("ridge")))(
    "%s learns less where no lead is long",
    (name, model) => {
      const [named, own] = [namedForecaster(name, 3), new Ensemble(name, [model(3)], { longestLead: 3 })];
      named?.fit(series);
      own.fit(series);
      expect(named?.longestLead).toBe(3);
      expect(named?.state()).toEqual(own.state());
    },
  );
});

describe("the default combination", () => {
  it("has fifteen different members: four regressions, three profiles, pairs of others, two single models", () => {
    const names = defaultMembers().map(({ name }) => name);
    expect(new Set(names).size).toBe(15);
    const families = ["last-value", "seasonal-naive", "theta", "ridge", "holt-winters", "profile-ar", "similar-days"];
    const sizes = families.map((family) => names.filter((name) => name.startsWith(family)).length);
    expect(sizes).toEqual([1, 2, 2, 4, 1, 3, 2]);
    // A naive, a theta, two regressions and two profiles know the days of the week.
    const weekly = names.filter((name) => name.includes("-week"));
    expect(weekly).toHaveLength(6);
  });

  it("learns no regression for a longer lead than the longest", () => {
    const history = historyOf(series.values);
    const ridges = (lead?: number) => defaultMembers(lead).filter(({ name }) => name.startsWith("ridge"));
    const [all, short] = [ridges(), ridges(3)];
    all.forEach((model, i) => {
      const [more, less] = [model, short[i]].map((one) => one.learn(history, history.length).length - 2);
      // Seven regressions of a day of hours, and those of 1, 2 and 3 bins.
      expect(less / more).toBeCloseTo(3 / 7, 12);
    });
  });

  it("is what the ensemble learns with, up to the longest lead asked for", () => {
    for (const lead of [undefined, 3]) {
      const [named, own] = [
        namedForecaster("ensemble", lead),
        new Ensemble("ensemble", defaultMembers(lead), lead === undefined ? {} : { longestLead: lead }),
      ];
      named?.fit(series);
      own.fit(series);
      expect([named?.name, named?.longestLead]).toEqual(["ensemble", lead ?? Number.POSITIVE_INFINITY]);
      expect(named?.state()).toEqual(own.state());
    }
  });
});
