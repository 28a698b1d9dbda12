import { describe, expect, it } from "vitest";
import { ReplicaCohorts } from "../../../src/control/policies/replica-cohorts.js";
import { poolSeen } from "./hand-observation.js";

const always = Number.NEGATIVE_INFINITY;

/** Cohorts as [count, started, ready] in seconds, after updates as [now, ready, spawning, …]. */
function cohortsAfter(
  updates: readonly (readonly [nowS: number, ready: number, spawning: number, observedReady?: number, lagS?: number])[],
  forgetS = 1000,
) {
  const cohorts = new ReplicaCohorts(1000 * forgetS);
  for (const [nowS, ready, spawning, observedReady = ready, lagS = 0] of updates)
    cohorts.update(poolSeen(1000 * (nowS - lagS), { ready, spawning, observedReady }), 1000 * nowS);
  const all = cohorts.all.map(({ count, startedAtMs, readyAtMs }) => [
    count,
    startedAtMs / 1000,
    readyAtMs === undefined ? undefined : readyAtMs / 1000,
  ]);
  return { all, spawningSince: (atS: number) => cohorts.spawningSince(1000 * atS) };
}

describe("the ages of streamlets", () => {
  it("begin with the decision before the one that sees their launch", () => {
    const { all, spawningSince } = cohortsAfter([
      [10, 0, 2],
      [20, 0, 5],
      [30, 0, 5],
    ]);
    expect(all).toEqual([
      [2, 0, undefined],
      [3, 10, undefined],
    ]);
    expect([0, 1, 10, 11].map(spawningSince)).toEqual([0, 2, 2, 5]);
  });

  it("pass to the ready ones in the order of launch, across launches", () => {
    const { all } = cohortsAfter([
      [10, 0, 2],
      [20, 0, 5],
      [30, 3, 2],
      [40, 4, 1],
    ]);
    expect(all).toEqual([
      [2, 0, 30],
      [1, 10, 30],
      [1, 10, 40],
      [1, 10, undefined],
    ]);
  });

  it("stay with the rest of a launch of which some are ready", () => {
    const { all } = cohortsAfter([
      [10, 0, 3],
      [20, 0, 5],
      [30, 1, 4],
    ]);
    expect(all).toEqual([
      [1, 0, 30],
      [2, 0, undefined],
      [2, 10, undefined],
    ]);
  });

  it("are those of the scrape for the ones that it found ready, of the decision for the rest", () => {
    // At 30 s four are ready; three were at the scrape of 25 s, one of them of the second launch.
    const { all } = cohortsAfter([
      [10, 0, 2],
      [20, 0, 5],
      [30, 4, 1, 3, 5],
    ]);
    expect(all).toEqual([
      [2, 0, 25],
      [1, 10, 25],
      [1, 10, 30],
      [1, 10, undefined],
    ]);
  });

  it("count from the scrape only those that are new there", () => {
    // Two were ready before; the scrape saw those alone, or one of the two that came.
    for (const [observed, later] of [
      [1, [[2, 20, 30]]],
      [2, [[2, 20, 30]]],
      [
        3,
        [
          [1, 20, 25],
          [1, 20, 30],
        ],
      ],
    ] as const)
      expect(
        cohortsAfter([
          [10, 2, 0],
          [20, 2, 0],
          [30, 4, 0, observed, 5],
        ]).all,
      ).toEqual([[2, 0, 10], ...later]);
  });

  it("of launches that were never seen begin with the decision before", () => {
    expect(
      cohortsAfter([
        [10, 0, 1],
        [20, 3, 0],
      ]).all,
    ).toEqual([
      [1, 0, 20],
      [2, 10, 20],
    ]);
  });

  it("go with the newest first, of the ready ones and of the launches", () => {
    const before = [
      [10, 4, 0],
      [20, 6, 3],
      [30, 6, 5],
    ] as const;
    expect(cohortsAfter([...before, [40, 3, 1]]).all).toEqual([
      [3, 0, 10],
      [1, 10, undefined],
    ]);
    expect(cohortsAfter([...before, [40, 5, 4]]).all).toEqual([
      [4, 0, 10],
      [1, 10, 20],
      [3, 10, undefined],
      [1, 20, undefined],
    ]);
  });

  it("are one group of always once they are older than what matters", () => {
    const updates = [
      [10, 2, 0],
      [20, 5, 0],
      [60, 6, 0],
    ] as const;
    expect(cohortsAfter([...updates, [70, 6, 0]], 60).all).toEqual([
      [2, 0, 10],
      [3, 10, 20],
      [1, 20, 60],
    ]);
    // Ready at exactly the bound is not older.
    expect(cohortsAfter([...updates, [80, 6, 0]], 60).all).toEqual([
      [2, always, always],
      [3, 10, 20],
      [1, 20, 60],
    ]);
    expect(cohortsAfter([...updates, [81, 6, 0]], 60).all).toEqual([
      [5, always, always],
      [1, 20, 60],
    ]);
  });
});
