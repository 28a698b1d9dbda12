import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Axis, pointsOf } from "../../../src/experiment/sweep/design.js";
import { ofShard, shardOf } from "../../../src/experiment/sweep/shard.js";

const axes: readonly Axis[] = [
  { path: "a", values: [1, 2, 3] },
  { path: "b", values: ["10s", "20s"] },
];
const short = (points: ReturnType<typeof pointsOf>): string[] =>
  points.map((point) => point.map((one) => one.value).join(" "));

describe("the points of a design", () => {
  it("of a grid are all combinations, the last axis fastest", () => {
    expect(short(pointsOf("grid", axes, undefined, 1))).toEqual(["1 10s", "1 20s", "2 10s", "2 20s", "3 10s", "3 20s"]);
  });

  it("of a list are the axes side by side, or the written points, each once", () => {
    const pair = [axes[0], { path: "b", values: [7, 8, 9] }];
    expect(short(pointsOf("list", pair, undefined, 1))).toEqual(["1 7", "2 8", "3 9"]);
    const written = [[{ path: "a", value: 1 }], [{ path: "a", value: 2 }], [{ path: "a", value: 1 }]];
    expect(short(pointsOf("list", [], written, 1))).toEqual(["1", "2"]);
  });

  it("of a random design repeat with the seed and differ with another", () => {
    const of = (seed: number) => short(pointsOf("random", axes, 5, seed)).join();
    expect(of(1)).toBe(of(1));
    expect(new Set([1, 2, 3, 4, 5].map(of)).size).toBeGreaterThan(1);
  });

  it("of a Latin hypercube take each value of an axis of n values once in n points (200 sizes and seeds)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), (count, seed) => {
        const values = Array.from({ length: count }, (_, i) => i);
        const points = pointsOf(
          "latin-hypercube",
          [
            { path: "a", values },
            { path: "b", values },
          ],
          count,
          seed,
        );
        for (const path of [0, 1]) expect(new Set(points.map((point) => point[path].value)).size).toBe(count);
      }),
      { numRuns: 200 },
    );
  });

  it("are refused with their count where there are too many", () => {
    const wide = Array.from({ length: 9 }, (_, i) => ({
      path: `p${i}`,
      values: Array.from({ length: 10 }, (_, v) => v),
    }));
    expect(() => pointsOf("grid", wide, undefined, 1)).toThrow(
      /a sweep of 1,000,000,000 points; expected at most 100,000/,
    );
  });
});

describe("the shards of a sweep", () => {
  it("are parts that together are all, each key once (200 sizes)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 12 }), (count, of) => {
        const keys = Array.from({ length: count }, (_, i) => String((i * 7919) % 1000).padStart(3, "0") + i);
        const parts = Array.from({ length: of }, (_, i) => ofShard(keys, { index: i + 1, of }));
        expect(parts.flat().toSorted()).toEqual(keys.toSorted());
        const sizes = parts.map((part) => part.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });

  it("come from the option, from a Slurm array whatever it counts from, and from an Indexed Job", () => {
    const slurm = { SLURM_ARRAY_TASK_ID: "4", SLURM_ARRAY_TASK_MIN: "2", SLURM_ARRAY_TASK_COUNT: "5" };
    expect(shardOf("3/10", undefined, slurm)).toEqual({ index: 3, of: 10 });
    expect(shardOf(undefined, undefined, slurm)).toEqual({ index: 3, of: 5 });
    expect(shardOf(undefined, 8, { JOB_COMPLETION_INDEX: "0" })).toEqual({ index: 1, of: 8 });
    expect(shardOf(undefined, undefined, {})).toBeUndefined();
  });

  it.each([
    ["0/3", undefined, {}, /part 0 of 3/],
    ["4/3", undefined, {}, /part 4 of 3/],
    ["half", undefined, {}, /"half"; expected i\/n/],
    [undefined, 3, {}, /3 shards, and no index of this one/],
    [undefined, 3, { JOB_COMPLETION_INDEX: "3" }, /JOB_COMPLETION_INDEX 3: part 4 of 3/],
  ] as const)("are refused: %s %s", (written, shards, environment, message) => {
    expect(() => shardOf(written, shards, environment)).toThrow(message);
  });
});
