import { describe, expect, it } from "vitest";
import { Ensemble } from "../../../src/control/forecast/ensemble.js";
import { scoredLeads } from "../../../src/control/forecast/lead-ladder.js";
import { LeadRecords } from "../../../src/control/forecast/lead-records.js";
import { seasonOf } from "../../../src/control/forecast/season.js";
import type { Forecast } from "../../../src/ports/forecaster.js";
import { Described, observed, type Spec, Spy, seriesOf, USUAL } from "./known-forecasts.js";

const HOUR = 3_600_000;

const SPECS: readonly Spec[] = [
  { name: "a", least: 1 },
  { name: "b", least: 10, isWeekly: true },
  { name: "c", least: 1 },
];

function ensembleOf(specs: readonly Spec[], longestLead?: number): { ensemble: Ensemble; spies: Spy[] } {
  const spies = specs.map((spec) => new Spy(spec));
  return {
    ensemble: new Ensemble(
      "spies",
      spies,
      longestLead === undefined ? { usual: USUAL } : { usual: USUAL, longestLead },
    ),
    spies,
  };
}

function expectSame(found: Forecast, expected: Forecast): void {
  expect(found.levels).toEqual(expected.levels);
  [found.mean, ...found.quantiles].forEach((row, k) => {
    const wanted = [expected.mean, ...expected.quantiles][k];
    expect(row).toHaveLength(wanted.length);
    row.forEach((value, i) => {
      expect(Math.abs(value - wanted[i]), `row ${k} lead ${i + 1}`).toBeLessThan(1e-9 * Math.max(1, wanted[i]));
    });
  });
}

const LEVELS = [0.1, 0.5, 0.9];

/** Bins of 12 hours: a day has two, a week 14. */
const HALF_DAY = 12 * HOUR;

describe("an ensemble of known forecasts", () => {
  it.each([
    { name: "an empty history", bins: 0, binMs: HALF_DAY, updates: 20 },
    { name: "one bin", bins: 1, binMs: HALF_DAY, updates: 5 },
    { name: "ten days: six bins are replayed", bins: 20, binMs: HALF_DAY, updates: 10 },
    { name: "sixteen days: a week is replayed", bins: 32, binMs: HALF_DAY, updates: 45 },
    { name: "35 days: a third is replayed", bins: 70, binMs: HALF_DAY, updates: 3 },
    { name: "60 days: two weeks are replayed, and a week is forgotten", bins: 120, binMs: HALF_DAY, updates: 3 },
    { name: "ten-minute bins: every second end is replayed", bins: 144 * 42, binMs: HOUR / 6, updates: 2 },
    { name: "bins without a day", bins: 400, binMs: 48 * HOUR, updates: 3 },
  ])("forecasts by the weights and residuals of its replay, and of the bins after: $name", (options) => {
    const { bins, binMs, updates } = options;
    const { ensemble } = ensembleOf(SPECS);
    ensemble.fit(seriesOf(bins, binMs));
    const described = new Described(SPECS, binMs, bins);
    if (bins > 0) expectSame(ensemble.forecast(12, LEVELS), described.forecast(12, LEVELS));
    for (let t = bins; t < bins + updates; t++) {
      ensemble.update(observed(t));
      described.update();
      // A bin of unknown count is no point to fall back to.
      if (t % 17 !== 3) expectSame(ensemble.forecast(12, LEVELS), described.forecast(12, LEVELS));
    }
  });
});

describe("the models of an ensemble", () => {
  const calls = (specs: readonly Spec[], bins: number, updates = 0): string[][] => {
    const { ensemble, spies } = ensembleOf(specs);
    ensemble.fit(seriesOf(bins, HALF_DAY));
    for (let t = bins; t < bins + updates; t++) ensemble.update(observed(t));
    return spies.map((spy) => spy.calls);
  };

  it("learn without the bins that are replayed, then from all", () => {
    // Of 40 bins the last week, 14 bins, is replayed; b needs 30 bins.
    const specs = [SPECS[0], { name: "b", least: 30 }];
    expect(calls(specs, 40)).toEqual([
      ["learn 26", "learn 40"],
      ["learn 30", "learn 40"],
    ]);
  });

  it("learn once, and are not judged, if only the whole history is enough for them", () => {
    const specs = [SPECS[0], { name: "b", least: 40 }];
    expect(calls(specs, 40)[1]).toEqual(["learn 40"]);
    const { ensemble } = ensembleOf(specs);
    ensemble.fit(seriesOf(40, HALF_DAY));
    expectSame(ensemble.forecast(3, LEVELS), new Described(specs, HALF_DAY, 40).forecast(3, LEVELS));
  });

  it("join as soon as the history is enough for them, but a slow one at the next fit only", () => {
    const specs = [SPECS[0], { name: "b", least: 23 }, { name: "c", least: 23, isSlow: true }];
    expect(calls(specs, 20, 10)).toEqual([["learn 14", "learn 20"], ["learn 23"], []]);
    const { ensemble } = ensembleOf(specs);
    ensemble.fit(seriesOf(20, HALF_DAY));
    const described = new Described(specs, HALF_DAY, 20);
    for (let t = 20; t < 34; t++) {
      ensemble.update(observed(t));
      described.update();
      if (t % 17 !== 3) expectSame(ensemble.forecast(9, LEVELS), described.forecast(9, LEVELS));
    }
  });

  it("drop a week once five weeks are remembered, if they have learnt anything", () => {
    const specs = [SPECS[0], { name: "b", least: 1000 }];
    expect(calls(specs, 60, 9)).toEqual([["learn 40", "learn 60"], []]);
    expect(calls(specs, 60, 23)).toEqual([["learn 40", "learn 60", "drop 14"], []]);
    expect(calls(specs, 60, 24)).toEqual([["learn 40", "learn 60", "drop 14", "drop 14"], []]);
  });

  it("leave the last value where none has a forecast", () => {
    const { ensemble } = ensembleOf([{ name: "a", least: 50 }]);
    ensemble.fit(seriesOf(20, HALF_DAY));
    const { mean, quantiles } = ensemble.forecast(3, [0.5]);
    // Bin 19: 48 + 95 mod 19.
    expect([...mean, ...quantiles[0]]).toEqual(new Array(6).fill(48));
  });
});

describe("an ensemble", () => {
  it("takes a forecast of 0 for what it is, and not for none", () => {
    const specs = [{ name: "zero", least: 1 }];
    const { ensemble } = ensembleOf(specs);
    ensemble.fit(seriesOf(5, HALF_DAY));
    expectSame(ensemble.forecast(12, LEVELS), new Described(specs, HALF_DAY, 5).forecast(12, LEVELS));
  });

  it("forecasts 0 before it knows anything, at any level", () => {
    const { ensemble } = ensembleOf(SPECS);
    const none = { mean: new Float64Array(2), levels: [0.5], quantiles: [new Float64Array(2)] };
    expect(ensemble.forecast(2, [0.5])).toEqual(none);
    ensemble.fit(seriesOf(0, HALF_DAY));
    expect(ensemble.forecast(2, [0.5])).toEqual(none);
    expect(ensemble.forecast(2).quantiles).toHaveLength(8);
  });

  it("begins anew with each fit, also after it has forgotten bins", () => {
    const [{ ensemble: again }, { ensemble: once }] = [ensembleOf(SPECS), ensembleOf(SPECS)];
    again.fit(seriesOf(60, HALF_DAY));
    for (let t = 60; t < 90; t++) again.update(observed(t));
    for (const each of [again, once]) {
      each.fit(seriesOf(41, HALF_DAY));
      for (let t = 41; t < 60; t++) each.update(observed(t));
    }
    expect(again.forecast(12)).toEqual(once.forecast(12));
  });

  it("goes on from a saved state as the one that was fitted, whichever models have learnt", () => {
    const specs = [...SPECS, { name: "late", least: 45 }, { name: "young", least: 1000 }];
    const [{ ensemble: fitted }, { ensemble: restored, spies }] = [ensembleOf(specs), ensembleOf(specs)];
    fitted.fit(seriesOf(40, HALF_DAY));
    restored.restore(seriesOf(40, HALF_DAY), fitted.state());
    expect(spies.flatMap((spy) => spy.calls)).toEqual([]);
    for (let t = 40; t < 80; t++) {
      expect(restored.forecast(12)).toEqual(fitted.forecast(12));
      for (const each of [fitted, restored]) each.update(observed(t));
    }
    expect(restored.state()).toEqual(fitted.state());
    expect(spies[3].calls[0]).toBe("learn 45");
  });

  it("judges leads up to the first that reaches the longest, and refuses those beyond it", () => {
    const { ensemble } = ensembleOf(SPECS, 4);
    ensemble.fit(seriesOf(40, HALF_DAY));
    expectSame(ensemble.forecast(5, LEVELS), new Described(SPECS, HALF_DAY, 40, 4).forecast(5, LEVELS));
    expect(() => ensemble.forecast(6)).toThrow("not learnt");
    const { ensemble: nine } = ensembleOf(SPECS, 7);
    nine.fit(seriesOf(40, HALF_DAY));
    expect(nine.forecast(9).mean).toHaveLength(9);
    expect(ensembleOf(SPECS, 20).ensemble.forecast(20).mean).toHaveLength(20);
  });

  it("reads the shipped usual errors, and forecasts any lead, unless it is given others", () => {
    const model = { name: "last-value", least: 1 };
    const other = { name: "theta-day-sqrt", least: 1 };
    const shipped = new Ensemble("shipped", [new Spy(model), new Spy(other)]);
    shipped.fit({ startMs: 0, binMs: HALF_DAY, values: Float64Array.of(50) });
    // Both forecast the same, so their errors are their usual ones: only the state shows those.
    const records = new LeadRecords({ rungs: scoredLeads(seasonOf(HALF_DAY)), dayBins: 2 }, [model, other], 14);
    const weights = (state: readonly Float64Array[]): number[] => [...state[2].subarray(10, 12)];
    expect(weights(shipped.state())).toEqual([records.weight(0, 1), records.weight(1, 1)]);
    expect(shipped.longestLead).toBe(Number.POSITIVE_INFINITY);
    expect(shipped.forecast(500).mean).toHaveLength(500);
  });
});
