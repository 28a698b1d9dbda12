import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { costRatio } from "../../../src/control/trainer/block-bootstrap.js";
import { newsvendorCost } from "../../../src/control/trainer/newsvendor.js";
import { SeriesHistory } from "../../../src/control/trainer/series-history.js";

describe("the newsvendor's cost", () => {
  it("costs nine times as much for a request short as for one idle at 0.9", () => {
    expect(newsvendorCost(10, 8, 0.9)).toBeCloseTo(1.8, 12);
    expect(newsvendorCost(8, 10, 0.9)).toBeCloseTo(0.2, 12);
    expect(newsvendorCost(5, 5, 0.9)).toBeCloseTo(0, 12);
    expect(newsvendorCost(Number.NaN, 5, 0.9)).toBeNaN();
  });
});

describe("the paired block bootstrap", () => {
  it("finds no difference where there is none in about 39 of 40 trials, and a true one of 20 % in all", () => {
    const random = new RandomStream("bootstrap");
    let falsely = 0;
    let found = 0;
    for (let trial = 0; trial < 80; trial++) {
      let mood = 0;
      const costs = Array.from({ length: 600 }, () => {
        mood = 0.8 * mood + random.normal();
        return Math.exp(0.3 * mood);
      });
      const noisy = (factor: number) => costs.map((cost) => factor * cost * (1 + 0.2 * random.normal()));
      if (costRatio(noisy(1), noisy(1), 40, random).upper < 1) falsely++;
      if (costRatio(noisy(0.8), noisy(1), 40, random).upper < 1) found++;
    }
    // Binomial(80, 0.025): more than 9 has a probability below 10⁻⁴.
    expect(falsely).toBeLessThanOrEqual(9);
    expect(found).toBe(80);
  });

  it("pairs only bins that both series have", () => {
    const ratio = costRatio([1, Number.NaN, 2, 4], [2, 5, Number.NaN, 8], 2, new RandomStream("pair"));
    expect(ratio).toMatchObject({ ratio: 0.5, bins: 2 });
  });
});

describe("a series' history", () => {
  it("keeps its last bins with their times, however long it goes on", () => {
    const history = new SeriesHistory(1000, 10, 50);
    for (let i = 0; i < 500; i++) history.append(i);
    const { startMs, values } = history.snapshot();
    expect([...values]).toEqual(Array.from({ length: 50 }, (_, i) => 450 + i));
    expect(startMs).toBe(1000 + 450 * 10);
    expect([...history.since(497)]).toEqual([497, 498, 499]);
    expect(history.length).toBe(500);
  });
});
