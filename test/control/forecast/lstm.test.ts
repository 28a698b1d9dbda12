import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import type { BinHistory } from "../../../src/control/forecast/bin-history.js";
import { Lstm, type LstmWindows } from "../../../src/control/forecast/lstm.js";
import { LSTM_PARAMETERS, LstmNetwork } from "../../../src/control/forecast/lstm-network.js";
import { seasonOf } from "../../../src/control/forecast/season.js";
import { forecasts } from "./fitted-model.js";
import { DAY_MS, HOUR, historyOf, scatteredCounts } from "./known-histories.js";
import { distance, plainScale } from "./plain-model.js";

const random = new RandomStream("weights of an lstm");
const weights = Float64Array.from({ length: LSTM_PARAMETERS }, () => 0.2 * random.normal());

/** A training that notes its windows and always answers with the same weights. */
class NotedTraining {
  windows: LstmWindows | undefined;
  readonly train = (windows: LstmWindows): Float64Array => {
    this.windows = windows;
    return weights;
  };
}

/**
 * By the definition: the usual change of history[0, learntTo), and what the network sees at an end
 * and is to learn there.
 */
function plainWindows(history: BinHistory, learntTo: number) {
  const { dayBins, weekBins } = history.season;
  const z = Array.from(history.values.data.subarray(0, history.length), Math.sqrt);
  let sum = 0;
  for (let t = 12; t < learntTo; t++) sum += (z[t] - z[t - 12]) ** 2;
  const unit = Math.max(1e-3, Math.sqrt(sum / (learntTo - 12)));
  const windowAt = (end: number) => {
    const offset = (t: number, clip = 6): number => Math.max(-clip, Math.min(clip, (z[t] - z[end - 1]) / unit));
    const inputs = Array.from({ length: 24 }, (_, i) => end - 24 + i).flatMap((t) => [
      offset(t),
      offset(t - dayBins),
      offset(t - weekBins),
    ]);
    const outlook = Array.from({ length: 12 }, (_, k) => {
      let day = end + k - dayBins;
      while (day >= end) day -= dayBins;
      return [offset(day), offset(end + k - weekBins)];
    }).flat();
    const targets = Array.from({ length: 12 }, (_, k) => offset(end + k, 12));
    return { last: z[end - 1], inputs, outlook, targets };
  };
  return { unit, windowAt };
}

/** Counts with a few bins that are far off, so that their offsets are clipped. */
function counts(seed: string, bins: number, dayBins: number): number[] {
  return scatteredCounts(seed, bins, dayBins).map((count, t) =>
    t % 97 === 50 ? 60 * count : t % 53 === 7 ? 0 : count,
  );
}

describe("the LSTM", () => {
  it.each([
    ["four hours, six of which make a day", 4 * HOUR, 120, 1],
    ["hours", HOUR, 24 * 13, 1],
    ["half hours, more than 1,280 windows", HOUR / 2, 1800, 2],
  ])("is given windows by the definition to learn from: %s", (_, binMs, end, stride) => {
    const history = historyOf(counts(`windows ${binMs}`, end + 5, DAY_MS / binMs), binMs);
    const training = new NotedTraining();
    const model = new Lstm(training.train);
    const parameters = model.learn(history, end);
    const { offset, ceiling } = plainScale("sqrt", history.values.data, end);
    const { unit, windowAt } = plainWindows(history, end);
    expect(distance(parameters, [offset, ceiling, unit, ...weights])).toBeLessThan(1e-12);
    const least = model.minimumBins(history.season);
    const ends = Array.from({ length: end }, (_, i) => end - 12 - i * stride).filter((at) => at >= least);
    const windows = ends.reverse().map(windowAt);
    expect(training.windows?.count).toBe(windows.length);
    // Single precision.
    const close = (row: ArrayLike<number>, wanted: number[]): void => expect(distance(row, wanted)).toBeLessThan(1e-6);
    close(
      training.windows?.inputs ?? [],
      windows.flatMap(({ inputs }) => inputs),
    );
    close(
      training.windows?.outlook ?? [],
      windows.flatMap(({ outlook }) => outlook),
    );
    close(
      training.windows?.targets ?? [],
      windows.flatMap(({ targets }) => targets),
    );
  });

  it("has no window in a history that is too short for one", () => {
    const training = new NotedTraining();
    const history = historyOf(counts("short", 24 * 9 + 20, 24));
    const model = new Lstm(training.train);
    // The first window ends at bin 216, and its targets are the twelve bins from there on.
    const bins = [217, 227, 228, 229, 230];
    const found = bins.map((end) => {
      model.learn(history, end);
      const { count, inputs, outlook, targets } = training.windows as LstmWindows;
      return [count, inputs.length, outlook.length, targets.length];
    });
    expect(found).toEqual([0, 0, 1, 2, 3].map((count) => [count, 72 * count, 24 * count, 12 * count]));
  });

  it("forecasts the last value plus the network's median, in units of the usual change", () => {
    const history = historyOf(counts("forecast", 24 * 14, 24));
    const end = 24 * 13;
    const parameters = new Lstm(new NotedTraining().train).learn(history, end);
    const model = new Lstm(new NotedTraining().train);
    model.restore(history, parameters);
    const { from } = plainScale("sqrt", history.values.data, end);
    const { unit, windowAt } = plainWindows(history, end);
    for (const at of [end, history.length]) {
      const { last, inputs, outlook } = windowAt(at);
      const heads = new LstmNetwork(weights).run(Float64Array.from(inputs), Float64Array.from(outlook));
      const wanted = Array.from({ length: 12 }, (_, k) => from(last + unit * heads[3 * k + 1]));
      const leads = wanted.map((_, k) => k + 1);
      expect(distance(forecasts(model, history, leads, at), wanted)).toBeLessThan(1e-9);
    }
  });

  it("beyond twelve bins has no forecast, or repeats yesterday", () => {
    const history = historyOf(counts("beyond", 24 * 14, 24));
    const training = new NotedTraining();
    const leads = [13, 24, 25, 50];
    for (const beyond of ["nothing", "yesterday"] as const) {
      const model = new Lstm(training.train, beyond);
      model.restore(history, model.learn(history, 24 * 13));
      const y = history.values.data;
      const yesterday = [12, 23, 0, 1].map((hour) => y[24 * 13 + hour]);
      expect(forecasts(model, history, leads)).toEqual(beyond === "nothing" ? leads.map(() => Number.NaN) : yesterday);
    }
    const model = new Lstm(training.train);
    model.restore(history, model.learn(history, 24 * 13));
    expect(forecasts(model, history, [13])).toEqual([Number.NaN]);
    expect(forecasts(new Lstm(training.train), history, [1])).toEqual([Number.NaN]);
  });

  it("goes on bin by bin as from the start, and forgets the first bins without effect", () => {
    const all = counts("lstm extended", 24 * 16, 24);
    const history = historyOf(all.slice(0, 24 * 13));
    const model = new Lstm(new NotedTraining().train);
    const parameters = model.learn(history, history.length);
    model.restore(history, parameters);
    for (const count of all.slice(24 * 13)) {
      history.append(count);
      model.extend(history);
    }
    const whole = new Lstm(new NotedTraining().train);
    whole.restore(history, parameters);
    const leads = [1, 6, 12];
    const wanted = forecasts(whole, history, leads);
    expect(forecasts(model, history, leads)).toEqual(wanted);
    history.dropFirst(60);
    model.dropFirst(60);
    expect(forecasts(model, history, leads)).toEqual(wanted);
  });

  it("learns anew from another history", () => {
    const [first, second] = ["one", "two"].map((seed) => historyOf(counts(`anew ${seed}`, 24 * 13, 24)));
    const training = new NotedTraining();
    const model = new Lstm(training.train);
    model.restore(first, model.learn(first, first.length));
    const parameters = model.learn(second, second.length);
    const found = training.windows as LstmWindows;
    expect(distance(parameters, new Lstm(training.train).learn(second, second.length))).toBe(0);
    const wanted = training.windows as LstmWindows;
    for (const part of ["inputs", "outlook", "targets"] as const) expect(distance(found[part], wanted[part])).toBe(0);
    model.restore(first, parameters);
    const fresh = new Lstm(training.train);
    fresh.restore(first, parameters);
    expect(forecasts(model, first, [1, 12])).toEqual(forecasts(fresh, first, [1, 12]));
  });

  it("counts a change of less than a thousandth as one, so that a constant series has finite windows", () => {
    const history = historyOf(new Float64Array(24 * 11).fill(49));
    const training = new NotedTraining();
    const parameters = new Lstm(training.train).learn(history, history.length);
    expect(parameters[2]).toBe(1e-3);
    expect(training.windows?.targets.every((value) => value === 0)).toBe(true);
  });

  it("needs a week, a day and 24 bins, and bins that make a day", () => {
    const model = new Lstm(new NotedTraining().train);
    expect([HOUR, 4 * HOUR, DAY_MS].map((binMs) => model.minimumBins(seasonOf(binMs)))).toEqual([
      168 + 24 + 24,
      42 + 6 + 24,
      Number.POSITIVE_INFINITY,
    ]);
    expect([model.name, model.isWeekly, model.isSlow]).toEqual(["lstm", true, true]);
  });
});
