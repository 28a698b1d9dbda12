import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../src/base/random.js";
import { namedForecaster } from "../../../../src/control/forecast/default-forecaster.js";
import {
  FORECASTER_CHOICES,
  type ForecasterChoice,
  forecasterMaker,
} from "../../../../src/control/policies/predictive/forecaster-choice.js";
import type { Forecaster, Series, TrainableForecaster } from "../../../../src/ports/forecaster.js";
import type { PolicyContext } from "../../../../src/ports/policy.js";

const HOUR = 3_600_000;

function context(more: Partial<PolicyContext> = {}): PolicyContext {
  return { pools: [], tickMs: 5000, random: new RandomStream("unused"), ...more };
}

function past(hours: number): Series {
  return { startMs: 0, binMs: HOUR, values: new Float64Array(hours) };
}

/** The forecaster that the choice makes for a series with this past. */
function made(choice: ForecasterChoice, hours = 24, more: Partial<PolicyContext> = {}): Forecaster | undefined {
  return forecasterMaker(choice, [], context(more))?.("eu", past(hours));
}

describe("the choice of a forecaster", () => {
  it("is one of five; with none there is no forecaster", () => {
    expect(FORECASTER_CHOICES).toEqual(["ensemble", "trained", "seasonal-naive", "last-value", "none"]);
    expect(forecasterMaker("none", [], context())).toBeUndefined();
  });

  it("makes the ensemble or the last value for two leads, and up to an hour of five-minute bins once asked", () => {
    for (const choice of ["ensemble", "last-value"] as const) {
      const fitted: unknown[] = [];
      const fits = { fit: ({ longestLead }: TrainableForecaster) => void fitted.push(longestLead) };
      const forecaster = made(choice, 24, { fits }) as Forecaster;
      expect(forecaster.name).toBe(choice);
      forecaster.fit(past(24));
      for (const bins of [2, 3, 12, 1]) expect(forecaster.forecast(bins).mean).toHaveLength(bins);
      expect(fitted).toEqual([2, 12]);
    }
  });

  it("looks back a day with the seasonal naive, and a week once there is one", () => {
    const names = [0, 24, 167, 168, 169].map((hours) => made("seasonal-naive", hours)?.name);
    expect(names).toEqual([
      ...["seasonal-naive-day", "seasonal-naive-day", "seasonal-naive-day"],
      ...["seasonal-naive-week", "seasonal-naive-week"],
    ]);
  });

  it("lets the trainer make the forecaster of each series, with the challengers; else it is the ensemble", () => {
    const calls: unknown[] = [];
    const trained: NonNullable<PolicyContext["trained"]> = (...call) => {
      calls.push(call);
      return namedForecaster("last-value") as Forecaster;
    };
    const make = forecasterMaker("trained", ["lstm"], context({ trained }));
    for (const series of ["eu", "us"]) expect(make?.(series, past(24)).name).toBe("last-value");
    expect(calls).toEqual([
      ["eu", 0, ["lstm"]],
      ["us", 1, ["lstm"]],
    ]);
    expect(made("trained")?.name).toBe("ensemble");
    expect(made("ensemble", 24, { trained })?.name).toBe("ensemble");
  });

  it("may be the maker of a module", () => {
    const make = () => namedForecaster("ses") as Forecaster;
    expect(forecasterMaker(make, [], context())).toBe(make);
  });

  it("fits through the memory of fits where there is one", () => {
    const fitted: string[] = [];
    const fits = { fit: (forecaster: TrainableForecaster) => void fitted.push(forecaster.name) };
    const use = (forecaster: Forecaster | undefined): void => {
      forecaster?.fit(past(24));
      forecaster?.forecast(1);
    };
    for (const choice of ["ensemble", "last-value"] as const) use(made(choice, 24, { fits }));
    expect(fitted).toEqual(["ensemble", "last-value"]);
    use(made("last-value"));
    expect(fitted).toHaveLength(2);
  });

  it("of a name that no forecaster has is our bug", () => {
    expect(() => made("prophet" as ForecasterChoice)?.forecast(1)).toThrow("there is no forecaster named prophet");
  });
});
