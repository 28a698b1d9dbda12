import { describe, expect, it } from "vitest";
import { Hierarchy, type PastRows, type SeriesTree } from "../../../src/control/forecast/hierarchy.js";
import type { Forecast, Forecaster, Series } from "../../../src/ports/forecaster.js";

const HOUR = 3_600_000;
const DAY = 24;

/** Forecasts its last known count, and lists what it is given in a log of all models. */
class Last implements Forecaster {
  fitted: Series | undefined;
  /** Bins that it was asked for, call by call. */
  readonly asked: number[] = [];
  private last = 0;

  constructor(
    readonly name: string,
    private readonly log: string[],
  ) {}

  fit(history: Series): void {
    this.fitted = history;
    this.last = history.values[history.values.length - 1] ?? 0;
    this.log.push(`fit ${this.name}`);
  }
  update(bin: number): void {
    this.last = bin;
    this.log.push(`${this.name} ${bin}`);
  }
  forecast(bins: number, levels: readonly number[] = [0.25, 0.5]): Forecast {
    this.asked.push(bins);
    const row = new Float64Array(bins).fill(this.last);
    return { mean: row, levels, quantiles: levels.map(() => row.slice()) };
  }
}

/** Rows whose leaf i has this count in each of `bins` bins. */
function constant(counts: readonly number[], bins = 2 * DAY, binMs = HOUR): PastRows {
  return { startMs: 7 * HOUR, binMs, rows: counts.map((count) => new Float64Array(bins).fill(count)) };
}

const PATHS = [
  ["eu", "a", "free"],
  ["eu", "a", "paid"],
  ["eu", "b", "free"],
  ["us", "a", "free"],
];

function treeOf(pooled: readonly (readonly number[])[], paths: SeriesTree["paths"] = PATHS): SeriesTree {
  return { paths, pooled, names: pooled.map((leaves) => `pool ${leaves.join("+")}`) };
}

class Made {
  readonly log: string[] = [];
  readonly models = new Map<string, Last>();
  readonly hierarchy: Hierarchy;

  constructor(tree: SeriesTree, leastMean?: number, longestLead?: number) {
    const make = (name: string, past: Series): Forecaster => {
      const model = new Last(name, this.log);
      this.models.set(name, model);
      this.log.push(`make ${name} of ${past.values.length}`);
      return model;
    };
    this.hierarchy = new Hierarchy(tree, make, leastMean, longestLead);
  }
}

/** Which of the pools have a model after a fit to these rows. */
function modelledOf(tree: SeriesTree, past: PastRows, leastMean?: number): boolean[] {
  const { hierarchy } = new Made(tree, leastMean);
  hierarchy.fit(past);
  return tree.pooled.map((_, pool) => hierarchy.isModelled(pool));
}

describe("the models of a hierarchy", () => {
  it("learn from the sum of their leaves, from the first bin on", () => {
    const { hierarchy, models } = new Made(treeOf([[0, 2], [3]]));
    const past = constant([1, 100, 6, 8]);
    past.rows[2][5] = 30;
    hierarchy.fit(past);
    const fitted = models.get("pool 0+2")?.fitted;
    expect(fitted).toMatchObject({ startMs: 7 * HOUR, binMs: HOUR });
    expect([...(fitted?.values ?? [])]).toEqual(Array.from({ length: 48 }, (_, t) => (t === 5 ? 31 : 7)));
    expect([...models.keys()]).toEqual(["pool 0+2", "pool 3"]);
  });

  it("belong to pools of five requests per bin and more over the last week", () => {
    const pools = treeOf([[0], [1], [3]]);
    expect(modelledOf(pools, constant([5, 4.99, 0, 400]))).toEqual([true, false, true]);
    // Eight days: the first had 100 per bin and does not count.
    const past = constant([4, 6, 0, 400], 8 * DAY);
    past.rows[0].fill(100, 0, DAY);
    past.rows[1].fill(0, 0, DAY);
    expect(modelledOf(pools, past)).toEqual([false, true, true]);
    expect(modelledOf(pools, constant([3, 1, 0, 9]), 2)).toEqual([true, false, true]);
    expect(modelledOf(pools, constant([0, 0, 0, 0]), 0)).toEqual([true, true, true]);
  });

  it("are chosen by the mean of the known bins alone, which is 0 if none is known", () => {
    const past = constant([6, 6, 0, 400]);
    past.rows[0].fill(Number.NaN, 0, 40);
    past.rows[1].fill(Number.NaN);
    expect(modelledOf(treeOf([[0], [1], [3]]), past)).toEqual([true, false, true]);
    expect(modelledOf(treeOf([[1], [3]]), past, 0)).toEqual([true, true]);
    // A count of 0 is known: 8 in every other bin are 4 per bin.
    past.rows[0].forEach((_, t) => {
      past.rows[0][t] = 8 * (t % 2);
    });
    expect(modelledOf(treeOf([[0], [3]]), past)).toEqual([false, true]);
  });

  it("belong to every pool before a day has passed, and in bins of days only after the first", () => {
    const pools = treeOf([[0], [3]]);
    expect(modelledOf(pools, constant([1, 0, 0, 400], DAY - 1))).toEqual([true, true]);
    expect(modelledOf(treeOf([[0], [3]]), constant([1, 0, 0, 400], DAY))).toEqual([false, true]);
    expect(modelledOf(pools, { startMs: 0, binMs: HOUR, rows: [] })).toEqual([true, true]);
    const long = 5 * DAY * HOUR;
    expect(modelledOf(pools, constant([9, 0, 0, 400], 0, long))).toEqual([true, true]);
    expect(modelledOf(pools, constant([1, 0, 0, 400], 1, long))).toEqual([false, true]);
    // The last week is then the last seven bins.
    const past = constant([9, 0, 0, 400], 8, long);
    past.rows[0].fill(1, 1);
    expect(modelledOf(pools, past)).toEqual([false, true]);
  });
});

describe("the set of which a pool takes a share", () => {
  /** Names of the models that are made for pools of one leaf each. */
  const madeFor = (counts: readonly number[], pooled: number[][] = [[0], [1], [2], [3]], paths = PATHS): string[] => {
    const { hierarchy, models } = new Made(treeOf(pooled, paths));
    hierarchy.fit(constant(counts));
    return [...models.keys()];
  };

  it("is the smallest with traffic enough: of one format, of one region, or all", () => {
    expect(madeFor([400, 1, 1, 1])).toEqual(["pool 0", "eu/a", "eu", "(all)"]);
    expect(madeFor([1, 3, 400, 500])).toEqual(["eu", "pool 2", "pool 3"]);
    // All leaves, also where they have too little.
    expect(madeFor([1, 1, 1, 1])).toEqual(["(all)"]);
  });

  it("contains all leaves of the pool, and more", () => {
    expect(madeFor([2, 1, 400, 1], [[0, 1], [2], [3]])).toEqual(["eu", "pool 2", "(all)"]);
    expect(madeFor([2, 500, 400, 1], [[0, 3], [1], [2]])).toEqual(["(all)", "pool 1", "pool 2"]);
    // Where nothing is larger than the pool it has a model, however small it is.
    expect(madeFor([1, 0, 0, 1], [[0, 1, 2, 3]])).toEqual(["pool 0+1+2+3"]);
  });

  it("is of the paths that begin alike, not of those that contain the same part elsewhere", () => {
    const paths = [["x", "y"], ["y", "x"], ["x"], ["x", "z"]];
    expect(madeFor([1, 400, 30, 2], [[0], [1], [2], [3]], paths)).toEqual(["x", "pool 1", "pool 2"]);
  });

  it("is modelled once, and its pools take shares that add up to it", () => {
    const { hierarchy, models, log } = new Made(treeOf([[0], [1], [2], [3]]));
    hierarchy.fit(constant([3, 1, 400, 500]));
    expect(log.filter((line) => line === "fit eu")).toHaveLength(1);
    expect([...(models.get("eu")?.fitted?.values ?? [])]).toEqual(new Array(48).fill(404));
    expect(hierarchy.forecast(0, 2, []).mean[1]).toBeCloseTo(3, 9);
    expect(hierarchy.forecast(1, 2, []).mean[1]).toBeCloseTo(1, 9);
    expect(hierarchy.forecast(3, 1).quantiles).toHaveLength(8);
  });

  it("is not used by a pool whose hours have a share of their own, by more than √0.05 = 22 %", () => {
    const swinging = (swing: number): boolean => {
      const past = constant([400, 0, 0, 4000], 8 * DAY);
      past.rows.forEach((row, leaf) => {
        row.forEach((_, t) => {
          if (leaf === 0) row[t] *= 1 + (t % DAY < 12 ? swing : -swing);
        });
      });
      return modelledOf(treeOf([[0], [3]]), past, 500)[0];
    };
    // Shares of s(1 ± swing) of (4000 + 400(1 ± swing)): the overall share is 1/11, and the spread
    // is close to the swing less a tenth.
    expect(swinging(0.2)).toBe(false);
    expect(swinging(0.28)).toBe(true);
  });

  it("is compared with a memory of days: four hours with another share are no other rhythm", () => {
    const past = constant([400, 0, 0, 40_000], 14 * DAY);
    past.rows[0].fill(1000, 14 * DAY - 4);
    expect(modelledOf(treeOf([[0], [3]]), past, 500)[0]).toBe(false);
  });
});

describe("updates of a hierarchy", () => {
  it("give each model the sum of its leaves, parents first, and each share its own count and its parent's", () => {
    const { hierarchy, models, log } = new Made(treeOf([[0], [1], [2], [3]]));
    hierarchy.fit(constant([3, 1, 400, 500]));
    log.length = 0;
    hierarchy.update(Float64Array.of(5, 2, 300, 600));
    expect(log).toEqual(["eu 307", "pool 2 300", "pool 3 600"]);
    expect([...hierarchy.forecast(2, 1).mean]).toEqual([300]);
    // The share of a pool whose count doubles grows towards it.
    const before = hierarchy.forecast(0, 1, []).mean[0] / 307;
    for (let t = 0; t < 3 * DAY; t++) hierarchy.update(Float64Array.of(6, 1, 397, 500));
    const after = hierarchy.forecast(0, 1, []).mean[0] / 404;
    expect(before).toBeGreaterThan(3 / 404);
    expect(after).toBeGreaterThan(4.4 / 404);
    expect(after).toBeLessThan(6 / 404);
    expect(models.size).toBe(3);
  });

  it("ask a parent for no lead beyond the first scored one that reaches the longest", () => {
    const { hierarchy, models } = new Made(treeOf([[0], [3]]), undefined, 4);
    hierarchy.fit(constant([1, 0, 0, 400]));
    expect(Math.max(...(models.get("(all)")?.asked ?? []))).toBe(5);
    const anyLead = new Made(treeOf([[0], [3]]));
    anyLead.hierarchy.fit(constant([1, 0, 0, 400]));
    expect(Math.max(...(anyLead.models.get("(all)")?.asked ?? []))).toBe(18);
  });
});

describe("a review of a hierarchy", () => {
  const reviewed = (...rows: (readonly number[])[]) => {
    const made = new Made(treeOf([[0], [1], [2], [3]]));
    const [first, ...later] = rows;
    made.hierarchy.fit(constant(first));
    for (const counts of later) made.hierarchy.review(constant(counts));
    return made;
  };
  const isModelled = (made: Made): boolean => made.hierarchy.isModelled(0);

  it("gives a pool a model from five requests per bin on, and takes it below four", () => {
    expect(isModelled(reviewed([4.9, 1, 400, 500], [4.99, 1, 400, 500]))).toBe(false);
    expect(isModelled(reviewed([4.9, 1, 400, 500], [5, 1, 400, 500]))).toBe(true);
    expect(isModelled(reviewed([5, 1, 400, 500], [4, 1, 400, 500]))).toBe(true);
    expect(isModelled(reviewed([5, 1, 400, 500], [3.99, 1, 400, 500]))).toBe(false);
  });

  it("keeps the models and shares that need no change, and the parents that some pool uses", () => {
    const made = reviewed([3, 1, 400, 500]);
    made.log.length = 0;
    made.hierarchy.review(constant([4, 1, 300, 600]));
    expect(made.log).toEqual([]);
    // Pool 0 grows; pool 1 still takes its share of "eu".
    made.hierarchy.review(constant([6, 1, 300, 600]));
    expect(made.log).toEqual(["make pool 0 of 48", "fit pool 0"]);
    made.log.length = 0;
    made.hierarchy.update(Float64Array.of(6, 1, 300, 600));
    expect(made.log).toEqual(["eu 307", "pool 0 6", "pool 2 300", "pool 3 600"]);
  });

  it("lets parents go that no pool uses any more, and makes them again when one does", () => {
    const made = reviewed([3, 1, 400, 500], [6, 6, 400, 500]);
    made.log.length = 0;
    made.hierarchy.update(Float64Array.of(6, 7, 300, 600));
    expect(made.log).toEqual(["pool 0 6", "pool 1 7", "pool 2 300", "pool 3 600"]);
    made.log.length = 0;
    made.hierarchy.review(constant([6, 1, 400, 500]));
    expect(made.log).toEqual(["make eu/a of 48", "fit eu/a"]);
  });

  it("lets a parent go also while another one is used", () => {
    const made = reviewed([3, 1, 400, 1], [6, 6, 400, 1]);
    made.log.length = 0;
    made.hierarchy.update(Float64Array.of(6, 7, 300, 2));
    expect(made.log).toEqual(["(all) 315", "pool 0 6", "pool 1 7", "pool 2 300"]);
  });

  it("is forgotten by a new fit, with its parents", () => {
    const made = reviewed([3, 1, 400, 500]);
    made.hierarchy.fit(constant([6, 6, 400, 500]));
    made.log.length = 0;
    made.hierarchy.update(Float64Array.of(6, 7, 300, 600));
    expect(made.log).toEqual(["pool 0 6", "pool 1 7", "pool 2 300", "pool 3 600"]);
  });
});
