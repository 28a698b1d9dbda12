import { expect } from "vitest";
import type { BinHistory } from "../../../src/control/forecast/bin-history.js";
import type { PointModel } from "../../../src/control/forecast/point-model.js";
import { seasonOf } from "../../../src/control/forecast/season.js";
import { fitted, forecasts } from "./fitted-model.js";
import { DAY_MS, HOUR, historyOf, MINUTE } from "./known-histories.js";
import { distance } from "./plain-model.js";

const FIRST_BINS = 24 * 18;

/**
 * A model that has learnt learns again as one that starts anew: from the same history, after
 * another part of it, after the history went on, after it forgot bins, and from a history of other
 * bins. `counts` per hour: more than 18 days.
 */
export function expectLearnsAgain(make: () => PointModel, counts: readonly number[], leads: readonly number[]): void {
  const history = historyOf(counts.slice(0, FIRST_BINS));
  const model = fitted(make(), history);
  const check = (): void => {
    const wanted = forecasts(fitted(make(), history), history, leads);
    expect(forecasts(fitted(model, history), history, leads)).toEqual(wanted);
  };
  check();
  // Another part of the history has another mean: its logarithms have another origin.
  fitted(model, history, 24 * 17);
  check();
  for (const count of counts.slice(FIRST_BINS)) {
    history.append(count);
    model.extend(history);
  }
  check();
  history.dropFirst(50);
  model.dropFirst(50);
  check();
  // Other bins make other days and weeks.
  const finer = historyOf([...counts, ...counts], 30 * MINUTE);
  const wanted = forecasts(fitted(make(), finer), finer, leads);
  expect(forecasts(fitted(model, finer), finer, leads)).toEqual(wanted);
}

/**
 * A model whose history grew bin by bin has the running state of one that takes the whole history,
 * and keeps it when the history forgets bins (but for `rounding`, relative). `counts` per hour:
 * more than 15 days.
 */
export function expectGoesOn(
  make: () => PointModel,
  parametersOf: (history: BinHistory) => Float64Array,
  counts: readonly number[],
  rounding = 0,
): void {
  const history = historyOf(counts.slice(0, 24 * 15));
  const parameters = parametersOf(history);
  const model = make();
  model.restore(history, parameters);
  for (const count of counts.slice(24 * 15)) {
    history.append(count);
    model.extend(history);
  }
  const whole = make();
  whole.restore(history, parameters);
  const leads = [1, 25, 170];
  const wanted = forecasts(whole, history, leads);
  expect(forecasts(model, history, leads)).toEqual(wanted);
  history.dropFirst(60);
  model.dropFirst(60);
  expect(distance(forecasts(model, history, leads), wanted)).toBeLessThanOrEqual(rounding);
}

/** A model forecasts 0 before it has parameters, whatever its history did. */
export function expectNoForecastYet(model: PointModel): void {
  const history = historyOf([1, 2, 3]);
  model.extend(history);
  model.dropFirst(1);
  expect(forecasts(model, history, [1, 2])).toEqual([0, 0]);
}

/** The least bins of a model with bins of an hour, 39 minutes (36.9 a day) and a day. */
export function leastBins(model: PointModel): number[] {
  return [HOUR, 39 * MINUTE, DAY_MS].map((binMs) => model.minimumBins(seasonOf(binMs)));
}
