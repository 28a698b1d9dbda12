import { describe, expect, it } from "vitest";
import { namedForecaster } from "../../../src/control/forecast/default-forecaster.js";
import { NearAndFar } from "../../../src/control/forecast/near-and-far.js";
import type { Forecaster, Series, TrainableForecaster } from "../../../src/ports/forecaster.js";

const DAY_BINS = 288;
const NEAR = 2;
const LONGEST = 12;

function series(days: number): Series {
  const values = Float64Array.from({ length: days * DAY_BINS }, (_, i) =>
    Math.round(100 + 60 * Math.sin((i / DAY_BINS) * 2 * Math.PI) + ((i * 7919) % 23)),
  );
  return { startMs: 0, binMs: 300_000, values };
}

/** Forecasts the number of bins that it has seen. Notes its longest lead when it is fitted. */
function counter(fitted: number[], longestLead: number): Forecaster {
  let seen = 0;
  return {
    name: "counter",
    fit: ({ values }) => {
      fitted.push(longestLead);
      seen = values.length;
    },
    update: () => {
      seen++;
    },
    forecast: (bins) => ({ mean: new Float64Array(bins).fill(seen), levels: [], quantiles: [] }),
  };
}

function counting(fitted: number[]): NearAndFar {
  return new NearAndFar("counter", (longestLead) => counter(fitted, longestLead), NEAR, LONGEST);
}

describe("a forecaster of near and far leads", () => {
  it("fits the near leads at the first forecast, and all once a longer one is asked for", () => {
    const fitted: number[] = [];
    const both = counting(fitted);
    both.fit(series(1));
    expect(fitted).toEqual([]);
    both.forecast(NEAR);
    both.update(7);
    expect(both.forecast(1).mean).toEqual(Float64Array.of(DAY_BINS + 1));
    expect(fitted).toEqual([NEAR]);
    expect(both.forecast(NEAR + 1).mean[0]).toBe(DAY_BINS + 1);
    both.update(7);
    expect(both.forecast(1).mean).toEqual(Float64Array.of(DAY_BINS + 2));
    expect(fitted).toEqual([NEAR, LONGEST]);
  });

  it("never fits the near leads alone where a long one is asked for first", () => {
    const fitted: number[] = [];
    const both = counting(fitted);
    both.fit(series(1));
    both.forecast(LONGEST);
    both.forecast(1);
    expect(fitted).toEqual([LONGEST]);
  });

  it("keeps a week of bins for the far leads, and then learns all of them", () => {
    const fitted: number[] = [];
    const both = counting(fitted);
    both.fit(series(1));
    both.forecast(1);
    for (let bin = 1; bin < 7 * DAY_BINS; bin++) both.update(7);
    expect(fitted).toEqual([NEAR]);
    both.update(7);
    expect(fitted).toEqual([NEAR, LONGEST]);
    expect(both.forecast(1).mean).toEqual(Float64Array.of(8 * DAY_BINS));
  });

  it("forecasts bit for bit what one forecaster of all leads does, before and after a late start", () => {
    const make = (longestLead: number): TrainableForecaster =>
      namedForecaster("ensemble", longestLead) as TrainableForecaster;
    const both = new NearAndFar("ensemble", make, NEAR, LONGEST);
    const whole = make(LONGEST);
    for (const forecaster of [both, whole]) forecaster.fit(series(9));
    for (let bin = 0; bin < 30; bin++) {
      for (const forecaster of [both, whole]) forecaster.update(80 + ((bin * 31) % 50));
      expect(both.forecast(NEAR)).toEqual(whole.forecast(NEAR));
    }
    expect(both.forecast(LONGEST)).toEqual(whole.forecast(LONGEST));
    for (const forecaster of [both, whole]) forecaster.update(90);
    expect(both.forecast(LONGEST)).toEqual(whole.forecast(LONGEST));
  });
});
