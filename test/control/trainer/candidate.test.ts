import { describe, expect, it } from "vitest";
import { Candidate } from "../../../src/control/trainer/candidate.js";
import type { TrainableForecaster } from "../../../src/ports/forecaster.js";

/** A forecaster that issues 10 for the next bin, 20 for the one after it, and so on. */
const ladder: TrainableForecaster = {
  name: "ladder",
  fit: () => undefined,
  update: () => undefined,
  state: () => [],
  restore: () => undefined,
  forecast: (bins, levels = [0.5]) => {
    const row = Float64Array.from({ length: bins }, (_, i) => 10 * (i + 1));
    return { mean: row, levels, quantiles: levels.map((level) => row.map((value) => value + level)) };
  },
};

/** Costs at the level 0.9: nine tenths a request short, one tenth a request idle. */
const candidateOf = (leadBins: number, keptBins = 6): Candidate =>
  new Candidate("ladder", ladder, { leadBins, level: 0.9, keptBins });

describe("a candidate", () => {
  it("is judged on each bin by the forecast that it issued its lead before", () => {
    const candidate = candidateOf(3);
    const costs: number[] = [];
    for (let length = 10; length < 18; length++) {
      candidate.issue(length);
      candidate.judge(length, 40);
      costs.push(candidate.recent(length + 1, 1)[0]);
    }
    // The third bin was 40 and its forecast 30.9; there was no forecast for the first two.
    expect(costs.slice(0, 2)).toEqual([Number.NaN, Number.NaN]);
    for (const cost of costs.slice(2)) expect(cost).toBeCloseTo(0.9 * 9.1, 9);
  });

  it("is judged by no forecast twice, and issues none before it has learnt", () => {
    const candidate = candidateOf(1);
    candidate.issue(1);
    candidate.judge(1, 20.9);
    candidate.judge(2, 20.9);
    const [judged, unknown] = candidate.recent(3, 2);
    expect(judged).toBeCloseTo(9, 9);
    expect(unknown).toBeNaN();
    candidate.stage = "untrained";
    candidate.issue(3);
    candidate.judge(3, 10.9);
    expect([...candidate.recent(4, 1)]).toEqual([Number.NaN]);
  });

  it("keeps its last costs, the oldest first, and no more than there have been bins", () => {
    const candidate = candidateOf(1, 4);
    candidate.adopt(Float64Array.of(1, 2, 3), 3);
    expect([...candidate.recent(3, 9)]).toEqual([1, 2, 3]);
    candidate.adopt(Float64Array.of(4, 5, 6, 7, 8, 9), 9);
    expect([...candidate.recent(9, 9)]).toEqual([6, 7, 8, 9]);
    expect([...candidate.recent(9, 2)]).toEqual([8, 9]);
  });

  it("forecasts from its first bin on, and before there is any", () => {
    const candidate = candidateOf(3);
    for (let bin = 0; bin < 4; bin++) {
      candidate.issue(bin);
      candidate.judge(bin, 40);
    }
    expect([...candidate.recent(4, 4)].map(Number.isNaN)).toEqual([true, true, false, false]);
  });

  it("keeps the costs that it had before the bins of a backtest", () => {
    const candidate = candidateOf(1, 4);
    candidate.adopt(Float64Array.of(1, 2, 3), 3);
    candidate.adopt(Float64Array.of(4), 4);
    expect([...candidate.recent(4, 4)]).toEqual([1, 2, 3, 4]);
  });

  it("knows no cost of a bin of which nothing was adopted or judged", () => {
    const candidate = candidateOf(1, 4);
    candidate.adopt(Float64Array.of(7), 10);
    expect([...candidate.recent(10, 4)]).toEqual([Number.NaN, Number.NaN, Number.NaN, 7]);
  });
});
