import { describe, expect, it } from "vitest";
import { SeriesHistory } from "../../../src/control/trainer/series-history.js";

const upTo = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe("the history of a series", () => {
  it("is the last bins after every append, with the instant of the first of them", () => {
    const history = new SeriesHistory(1000, 10, 8);
    for (let i = 0; i < 60; i++) {
      history.append(i);
      const from = Math.max(0, i + 1 - 8);
      const { startMs, binMs, values } = history.snapshot();
      expect([...values]).toEqual(upTo(from, i + 1));
      expect([history.length, startMs, binMs]).toEqual([i + 1, 1000 + 10 * from, 10]);
    }
  });

  it("gives the bins since any that it still has, and all that it has for an older one", () => {
    const history = new SeriesHistory(0, 10, 4);
    for (let i = 0; i < 5; i++) history.append(i);
    expect([...history.since(3)]).toEqual([3, 4]);
    expect([...history.since(5)]).toEqual([]);
    for (let i = 5; i < 40; i++) history.append(i);
    const all = [...history.since(0)];
    expect(all.length).toBeGreaterThanOrEqual(4);
    expect(all).toEqual(upTo(40 - all.length, 40));
    expect([...history.since(38)]).toEqual([38, 39]);
  });

  it("does not change what it gave out", () => {
    const history = new SeriesHistory(0, 10, 2);
    history.append(1);
    const { values } = history.snapshot();
    for (let i = 0; i < 9; i++) history.append(7);
    expect([...values]).toEqual([1]);
  });
});
