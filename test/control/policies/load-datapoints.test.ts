import { describe, expect, it } from "vitest";
import { LoadDatapoints } from "../../../src/control/policies/load-datapoints.js";
import type { PoolObservation } from "../../../src/ports/policy.js";
import { poolSeen } from "./hand-observation.js";

/** Datapoints, newest first, of ten streamlets of eight slots, unless said otherwise. */
function loadAfter(...scrapes: readonly (readonly [atS: number, more: Partial<PoolObservation>])[]): LoadDatapoints {
  const load = new LoadDatapoints(2);
  for (const [atS, more] of scrapes) load.update(poolSeen(1000 * atS, { ready: 10, ...more }));
  return load;
}

const minute = (open: number): number => open * 60_000;

describe("a datapoint of utilisation", () => {
  it("is the mean of open streams since the last scrape by the slots", () => {
    const load = loadAfter([0, {}], [60, { openStreamMs: minute(40) }], [120, { openStreamMs: minute(100) }]);
    expect(load.newestFirst).toEqual([0.75, 0.5]);
  });

  it("is missing at the first scrape, without a new one, and without a ready streamlet", () => {
    expect(loadAfter([0, {}]).newestFirst).toEqual([undefined]);
    const again = { observedAtMs: 60_000, openStreamMs: minute(40) };
    expect(loadAfter([0, {}], [60, again], [75, again]).newestFirst).toEqual([undefined, 0.5]);
    expect(loadAfter([0, {}], [60, { observedReady: 0 }]).newestFirst).toEqual([undefined, undefined]);
  });

  it("is missing at the first scrape that follows none", () => {
    const none = { observedAtMs: Number.NEGATIVE_INFINITY };
    expect(loadAfter([0, none], [60, { openStreamMs: minute(40) }]).newestFirst).toEqual([undefined, undefined]);
  });

  it("leaves out the mean of draining streams at both scrapes", () => {
    const draining = loadAfter([0, { openDraining: 8 }], [60, { openDraining: 24, openStreamMs: minute(56) }]);
    // 56 less 16 of 80 slots; with more draining than open nothing.
    expect(draining.newestFirst[0]).toBe(0.5);
    expect(loadAfter([0, {}], [60, { openDraining: 24, openStreamMs: minute(6) }]).newestFirst[0]).toBe(0);
  });

  it("is by the mean of ready streamlets at both scrapes, or by those that are ready now", () => {
    const grown = loadAfter([0, { observedReady: 6 }], [60, { openStreamMs: minute(32) }]);
    expect(grown.newestFirst[0]).toBe(0.5);
    const fromZero = loadAfter([0, { observedReady: 0 }], [60, { openStreamMs: minute(40) }]);
    expect(fromZero.newestFirst[0]).toBe(0.5);
  });
});

describe("the newest datapoints", () => {
  it("all satisfy a condition only if they are all there", () => {
    const load = loadAfter([0, {}], [60, { openStreamMs: minute(40) }]);
    expect([1, 2, 3].map((count) => load.all(count, () => true))).toEqual([true, false, false]);
    expect(load.all(1, (value) => value > 0.5)).toBe(false);
    expect(load.all(0, () => false)).toBe(true);
  });
});
