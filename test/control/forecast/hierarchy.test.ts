import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { namedForecaster } from "../../../src/control/forecast/default-forecaster.js";
import { Hierarchy, type PastRows } from "../../../src/control/forecast/hierarchy.js";
import { HourShares } from "../../../src/control/forecast/hour-shares.js";

const HOUR = 3_600_000;
const PATHS = [
  ["eu", "mpegts", "free"],
  ["eu", "mpegts", "paid"],
  ["us", "frames", "free"],
];
const MEANS = [60, 2, 25];
const TWO_REGIONS = { paths: [["eu"], ["us"]], pooled: [[0], [1]], names: ["eu", "us"] };

function counts(days: number, seed: string): Float64Array[] {
  const random = new RandomStream(seed);
  return MEANS.map((mean) =>
    Float64Array.from({ length: 24 * days }, (_, t) =>
      random.poisson(mean * (1 + 0.7 * Math.sin((2 * Math.PI * t) / 24))),
    ),
  );
}

const make = () => namedForecaster("ensemble")!;

function past(rows: readonly Float64Array[], bins: number): PastRows {
  return { startMs: 0, binMs: HOUR, rows: rows.map((row) => row.subarray(0, bins)) };
}

function fitted(pooled: number[][]): { hierarchy: Hierarchy; rows: Float64Array[] } {
  const names = pooled.map((leaves) => leaves.map((leaf) => PATHS[leaf].join("/")).join());
  const hierarchy = new Hierarchy({ paths: PATHS, pooled, names }, make);
  const rows = counts(21, "leaves");
  hierarchy.fit(past(rows, 24 * 14));
  return { hierarchy, rows };
}

const sum = (row: Float64Array): number => row.reduce((a, b) => a + b, 0);

describe("the series hierarchy", () => {
  it("models a series of at least five requests a bin, and takes a share of its parent for one of two", () => {
    const { hierarchy } = fitted([[0], [1], [2]]);
    expect([0, 1, 2].map((pool) => hierarchy.isModelled(pool))).toEqual([true, false, true]);
    const { quantiles } = hierarchy.forecast(1, 24, [0.5]);
    const sibling = hierarchy.forecast(0, 24, [0.5]).quantiles[0];
    // Its true share is 2/60 of its sibling; the counts of fourteen days say so to ± 5 %.
    expect(sum(quantiles[0]) / sum(sibling)).toBeGreaterThan(0.6 * (2 / 60));
    expect(sum(quantiles[0]) / sum(sibling)).toBeLessThan(1.4 * (2 / 60));
  });

  it("covers nine bins of ten at each pool, however the leaves are pooled, and at the one that takes a share", () => {
    for (const pooled of [[[0, 1], [2]], [[0], [1], [2]], [[0, 1, 2]]]) {
      const { hierarchy, rows } = fitted(pooled);
      const below = new Float64Array(pooled.length);
      const bins = 24 * 7;
      for (let t = 24 * 14; t < 24 * 21; t++) {
        pooled.forEach((leaves, pool) => {
          const value = leaves.reduce((total, leaf) => total + rows[leaf][t], 0);
          if (value <= hierarchy.forecast(pool, 1, [0.9]).quantiles[0][0]) below[pool]++;
        });
        hierarchy.update(Float64Array.from(rows, (row) => row[t]));
      }
      // 168 bins: a standard error of 0.023; four of them, and integer counts of mean 2 cover up to
      // 0.05 more than asked.
      for (const count of below) {
        expect(count / bins).toBeGreaterThan(0.9 - 0.093);
        expect(count / bins).toBeLessThan(1);
      }
    }
  });

  it("forecasts a small series better as a share of the others than by itself, where the rhythm is the same", () => {
    const rhythm = (t: number): number => 1 + 0.7 * Math.sin((2 * Math.PI * t) / 24);
    const { hierarchy, rows } = fitted([[0], [1], [2]]);
    const alone = make();
    alone.fit({ startMs: 0, binMs: HOUR, values: rows[1].slice(0, 24 * 14) });
    let shared = 0;
    let own = 0;
    for (let t = 24 * 14; t < 24 * 21; t++) {
      const rate = 2 * rhythm(t);
      shared += (hierarchy.forecast(1, 1).mean[0] - rate) ** 2;
      own += (alone.forecast(1).mean[0] - rate) ** 2;
      hierarchy.update(Float64Array.from(rows, (row) => row[t]));
      alone.update(rows[1][t]);
    }
    expect(shared).toBeLessThan(own);
  });

  it("models a small series by itself where its day differs from that of the others", () => {
    const random = new RandomStream("shifted");
    const rows = [60, 3].map((mean, leaf) =>
      Float64Array.from({ length: 24 * 14 }, (_, t) =>
        random.poisson(mean * (1 + 0.8 * Math.sin((2 * Math.PI * (t + 12 * leaf)) / 24))),
      ),
    );
    const hierarchy = new Hierarchy(TWO_REGIONS, make);
    hierarchy.fit(past(rows, 24 * 14));
    expect(hierarchy.isModelled(1)).toBe(true);
  });

  it("gives a grown series a model and a shrunk one a share, and does not change for swaying about the border", () => {
    const hierarchy = new Hierarchy(TWO_REGIONS, make);
    const rows = (mean: number): PastRows => ({
      startMs: 0,
      binMs: HOUR,
      rows: [new Float64Array(24 * 14).fill(60), new Float64Array(24 * 14).fill(mean)],
    });
    const states = [2, 4.5, 6, 4.5, 3].map((mean, i) => {
      if (i === 0) hierarchy.fit(rows(mean));
      else hierarchy.review(rows(mean));
      return hierarchy.isModelled(1);
    });
    expect(states).toEqual([false, false, true, true, false]);
    expect(hierarchy.forecast(1, 1, [0.5]).quantiles[0][0]).toBeCloseTo(3, 0);
  });

  it("forecasts a small series by the same bits where no lead above twelve is asked for", () => {
    const random = new RandomStream("small");
    const rows = [60, 2].map((mean) => Float64Array.from({ length: 24 * 12 }, () => random.poisson(mean)));
    const [whole, half] = [undefined, 12].map((longest) => {
      const hierarchy = new Hierarchy(TWO_REGIONS, () => namedForecaster("ensemble", longest)!, undefined, longest);
      hierarchy.fit(past(rows, 24 * 12));
      for (let t = 0; t < 30; t++) hierarchy.update(Float64Array.of(60 + t, t % 4));
      return hierarchy;
    });
    expect(half.isModelled(1)).toBe(false);
    expect(half.forecast(1, 12)).toEqual(whole.forecast(1, 12));
  });

  it("models every series by itself before a day has passed, when no series is known to be small", () => {
    const hierarchy = new Hierarchy(TWO_REGIONS, make);
    hierarchy.fit(past([new Float64Array(0), new Float64Array(0)], 0));
    expect([0, 1].map((pool) => hierarchy.isModelled(pool))).toEqual([true, true]);
  });

  it("takes the share of the smallest set around a series that has traffic enough", () => {
    const made: string[] = [];
    const paths = [
      ["eu", "a"],
      ["eu", "b"],
      ["us", "a"],
      ["us", "b"],
    ];
    const hierarchy = new Hierarchy(
      { paths, pooled: [[0], [1], [2], [3]], names: ["eu/a", "eu/b", "us/a", "us/b"] },
      (name) => {
        made.push(name);
        return make();
      },
    );
    const rows = [60, 2, 1, 1].map((mean) => new Float64Array(24 * 14).fill(mean));
    hierarchy.fit(past(rows, 24 * 14));
    expect(made).toEqual(["eu/a", "eu", "(all)"]);
  });

  it("goes on through unknown bins and silence", () => {
    const { hierarchy } = fitted([[0], [1], [2]]);
    for (let i = 0; i < 30; i++) hierarchy.update(Float64Array.of(Number.NaN, 0, i % 2 === 0 ? Number.NaN : 0));
    for (let pool = 0; pool < 3; pool++) {
      const { mean, quantiles } = hierarchy.forecast(pool, 5);
      expect([mean, ...quantiles].flatMap((row) => [...row]).every((v) => Number.isFinite(v) && v >= 0)).toBe(true);
    }
  });
});

describe("shares by the hour", () => {
  it("stay the overall share while the hours differ no more than counts do, and follow a rhythm that is there", () => {
    const random = new RandomStream("hours");
    const alike = new HourShares(24);
    const shifted = new HourShares(24);
    for (let t = 0; t < 24 * 14; t++) {
      const day = 1 + 0.8 * Math.sin((2 * Math.PI * t) / 24);
      const night = 1 - 0.8 * Math.sin((2 * Math.PI * t) / 24);
      alike.learn(t * HOUR, random.poisson(3 * day), 100 * day);
      shifted.learn(t * HOUR, random.poisson(3 * night), 100 * day);
    }
    // About 13 requests per bin and hour are not forgotten: the hour's own shares would have a
    // relative scatter of a quarter.
    for (const share of alike.shares()) expect(Math.abs(share / 0.03 - 1)).toBeLessThan(0.2);
    expect(shifted.shares()[18]).toBeGreaterThan(3 * shifted.shares()[6]);
  });
});
