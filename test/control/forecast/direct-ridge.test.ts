import { describe, expect, it } from "vitest";
import type { BinHistory } from "../../../src/control/forecast/bin-history.js";
import type { CountSpace } from "../../../src/control/forecast/count-space.js";
import { DirectRidge } from "../../../src/control/forecast/direct-ridge.js";
import { SeasonalFeatures } from "../../../src/control/forecast/seasonal-features.js";
import { Track } from "../../../src/control/forecast/track.js";
import { fitted, forecasts } from "./fitted-model.js";
import { DAY_MS, HOUR, historyOf, MINUTE, scatteredCounts } from "./known-histories.js";
import { distance, plainRidge, plainScale } from "./plain-model.js";
import { expectGoesOn, expectLearnsAgain, expectNoForecastYet, leastBins } from "./point-model-checks.js";

const ANCHORS = [1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 90, 135, 200, 288];

/** The model by its definition; `stride` of the ends for a lead. */
function plainRidges(
  period: "day" | "week",
  space: CountSpace,
  history: BinHistory,
  end: number,
  stride: (lead: number) => number,
) {
  const { season } = history;
  const { offset, ceiling, into, from } = plainScale(space, history.values.data, end);
  const z = new Track();
  for (let t = 0; t < end; t++) z.append(into(history.values.data[t]));
  const features = new SeasonalFeatures(history, period === "week");
  features.extend(z);
  const { columns } = features;
  const rowOf = (at: number, lead: number): { base: number; x: Float64Array } => {
    const [present, x] = [new Float64Array(features.presentSize), new Float64Array(columns)];
    features.fillPresent(z.data, at, present, 0);
    return { base: features.fill(present, 0, at, lead, x, 0), x };
  };
  const halfLife = 10 * season.dayBins;
  const regress = (lead: number): number[] => {
    const ends: number[] = [];
    for (let e = end - lead; e >= features.minimumBins; e -= stride(lead)) ends.push(e);
    const rows = ends
      .filter((e) => history.observed.data[e - 1 + lead] === 1)
      .map((e) => {
        const { base, x } = rowOf(e, lead);
        return { x, y: z.data[e - 1 + lead] - base, weight: 0.5 ** ((end - e) / halfLife) };
      });
    return plainRidge(rows, () => 0.003, columns);
  };
  const anchors = ANCHORS.filter((lead) => lead <= Math.max(12, season.dayBins));
  const known = new Map<number, number[]>();
  const at = (lead: number): number[] => {
    const found = known.get(lead) ?? regress(lead);
    known.set(lead, found);
    return found;
  };
  /** Between two anchors, by the logarithm of the lead. */
  const coefficients = (lead: number): number[] => {
    const low = anchors.findLast((anchor) => anchor <= lead) ?? 1;
    const high = anchors.find((anchor) => anchor > lead);
    if (high === undefined) return at(low);
    const share = Math.log(lead / low) / Math.log(high / low);
    return at(low).map((value, i) => value * (1 - share) + at(high)[i] * share);
  };
  const forecast = (lead: number): number => {
    const { base, x } = rowOf(end, lead);
    return from(coefficients(lead).reduce((sum, value, i) => sum + value * x[i], base));
  };
  return { head: [offset, ceiling], columns, forecast };
}

describe("the direct ridge", () => {
  it.each([
    ["day", "log", 4 * HOUR, 6 * 20],
    ["week", "sqrt", 2 * HOUR, 12 * 19],
    ["day", "identity", HOUR, 24 * 12],
    ["week", "log", 39 * MINUTE, 600],
  ] as const)("of season %s, %s, is the plain regressions of its definition, in bins of %s ms", (...given) => {
    const [period, space, binMs, end] = given;
    const history = historyOf(scatteredCounts(`ridge ${given.join()}`, end + 40, DAY_MS / binMs, true), binMs);
    const plain = plainRidges(period, space, history, end, () => 1);
    const parameters = new DirectRidge(space, period).learn(history, end);
    expect(distance(parameters.subarray(0, 2), plain.head)).toBeLessThan(1e-12);
    const model = new DirectRidge(space, period);
    model.restore(history, parameters);
    const leads = [1, 2, 3, 4, 5, 7, 10, 12, 17, 23, 36, 50];
    const wanted = leads.map(plain.forecast);
    expect(distance(forecasts(model, history, leads, end), wanted)).toBeLessThan(1e-7);
    // Once more, with the coefficients of these leads at hand.
    expect(distance(forecasts(model, history, leads, end), wanted)).toBeLessThan(1e-7);
  });

  it("learns each lead up to three bins from 2,400 rows or more, and a longer one from 1,200", () => {
    // Bins of an hour: five days are needed, so 4,800 rows for the shortest lead.
    const end = 4_800 + 53;
    const history = historyOf(scatteredCounts("ridge strides", end, 24));
    const plain = plainRidges("day", "identity", history, end, (lead) => (lead <= 3 ? 2 : 4));
    const model = new DirectRidge("identity", "day", 12);
    const found = forecasts(fitted(model, history), history, [1, 2, 3, 4, 5]);
    expect(distance(found, [1, 2, 3, 4, 5].map(plain.forecast))).toBeLessThan(1e-7);
  });

  it.each([
    // The first scored lead that reaches it, and then the first anchor that reaches that.
    [1, 1],
    [4, 4],
    [9, 6],
    [10, 7],
    [Number.POSITIVE_INFINITY, 7],
  ])("for leads up to %d learns %d regressions, and forecasts as one for any lead", (longestLead, anchors) => {
    const history = historyOf(scatteredCounts("longest lead", 24 * 12, 24));
    const model = new DirectRidge("identity", "day", longestLead);
    const { columns } = new SeasonalFeatures(history, false);
    expect(model.learn(history, history.length)).toHaveLength(2 + anchors * columns);
    const leads = Array.from({ length: Math.min(24, longestLead) }, (_, i) => i + 1);
    const wanted = forecasts(fitted(new DirectRidge("identity", "day"), history), history, leads);
    expect(forecasts(fitted(model, history), history, leads)).toEqual(wanted);
  });

  it.each([["day"], ["week"]] as const)(
    "of season %s learns again as one that starts anew, after the history went on or forgot bins",
    (period) => {
      expectLearnsAgain(
        () => new DirectRidge("log", period),
        scatteredCounts(`ridge again ${period}`, 24 * 24, 24),
        [1, 4, 24],
      );
    },
  );

  it("goes on bin by bin as from the start", () => {
    expectGoesOn(
      () => new DirectRidge("identity", "week"),
      (history) => new DirectRidge("identity", "week").learn(history, history.length),
      scatteredCounts("ridge extended", 24 * 20, 24),
      1e-9,
    );
  });

  it("needs three days of bins, by the week a week and a day and a half, and bins that make a day", () => {
    const bins = (period: "day" | "week") => leastBins(new DirectRidge("log", period));
    expect(bins("day")).toEqual([72, 3 * 37, Number.POSITIVE_INFINITY]);
    expect(bins("week")).toEqual([168 + 36, 258 + 37 + 18, Number.POSITIVE_INFINITY]);
  });

  it("has a name for its season and its space, and no forecast before it has parameters", () => {
    const [day, week] = [new DirectRidge("log", "day"), new DirectRidge("identity", "week")];
    expect([day.name, day.isWeekly, week.name, week.isWeekly]).toEqual([
      ...["ridge-day-log", false],
      ...["ridge-week-identity", true],
    ]);
    expectNoForecastYet(day);
  });
});
