import { describe, expect, it } from "vitest";
import type { BinHistory } from "../../../src/control/forecast/bin-history.js";
import { DAY_MS, HOUR, historyOf } from "./known-histories.js";

function rows(history: BinHistory): [values: number[], observed: number[]] {
  const { length, values, observed } = history;
  return [[...values.data.subarray(0, length)], [...observed.data.subarray(0, length)]];
}

describe("a history of bins", () => {
  it("knows counts from 0 to 10¹⁵; all else is unknown and takes the last value while there is no day before", () => {
    const history = historyOf([Number.NaN, 0, 7, -1, Number.POSITIVE_INFINITY, 1e15, 1.1e15, Number.NaN]);
    expect(rows(history)).toEqual([
      [0, 0, 7, 7, 7, 1e15, 1e15, 1e15],
      [0, 1, 1, 0, 0, 1, 0, 0],
    ]);
  });

  it("puts the value of a day before in the place of an unknown bin", () => {
    const day = Array.from({ length: 24 }, (_, t) => 100 + t);
    const history = historyOf([...day, Number.NaN, 5, -3]);
    expect(rows(history)[0].slice(24)).toEqual([100, 5, 102]);
    expect(rows(history)[1].slice(23)).toEqual([1, 0, 1, 0]);
  });

  it("repeats the last value where bins make no day", () => {
    expect(rows(historyOf([4, 9, Number.NaN], DAY_MS))).toEqual([
      [4, 9, 9],
      [1, 1, 0],
    ]);
  });

  it("begins later once it has forgotten bins, and places a bin that it has or expects in time", () => {
    const history = historyOf([1, 2, Number.NaN, 4], HOUR, 10 * HOUR);
    history.dropFirst(2);
    expect(rows(history)).toEqual([
      [2, 4],
      [0, 1],
    ]);
    expect([history.length, history.startMs, history.timeMs(0), history.timeMs(5)]).toEqual([
      2,
      12 * HOUR,
      12 * HOUR,
      17 * HOUR,
    ]);
  });
});
