import { describe, expect, it } from "vitest";
import { defaultReadiness, PoolPods, podState } from "../../../src/control/policies/hpa-pods.js";
import { poolSeen } from "./hand-observation.js";

describe("a pool as an HPA's pods", () => {
  it("shares what was measured by the streamlets of the scrape; later ones have no sample", () => {
    const pods = new PoolPods(defaultReadiness);
    pods.update(poolSeen(0, { ready: 2 }), 0);
    // Two since the scrape at 600 s, and three that are not ready.
    const pool = poolSeen(600_000, { ready: 4, spawning: 3, desired: 7, observedReady: 2 });
    pods.update(pool, 615_000);
    expect(pods.groups(pool, 12, false, 615_000)).toEqual([
      { state: "ready", count: 2, usage: 12, request: 16 },
      { state: "missing", count: 2, usage: 0, request: 16 },
      { state: "pending", count: 3, usage: 0, request: 24 },
    ]);
  });

  it("has what could not be launched as pending, and nothing pending without that", () => {
    const pods = new PoolPods(defaultReadiness);
    const pool = poolSeen(0, { ready: 2 });
    pods.update(pool, 0);
    const ready = { state: "ready", count: 2, usage: 6, request: 16 };
    expect(pods.groups(pool, 6, false, 0)).toEqual([ready]);
    expect(pods.groups({ ...pool, desired: 5 }, 6, false, 0)).toEqual([
      ready,
      { state: "pending", count: 3, usage: 0, request: 24 },
    ]);
  });

  it("has no samples of a scrape that found no ready streamlet", () => {
    const pods = new PoolPods(defaultReadiness);
    pods.update(poolSeen(0, { ready: 2 }), 0);
    const pool = poolSeen(600_000, { ready: 2, observedReady: 0 });
    pods.update(pool, 600_000);
    expect(pods.groups(pool, 0, false, 600_000)).toEqual([{ state: "missing", count: 2, usage: 0, request: 16 }]);
  });

  it("has no samples before the first scrape", () => {
    const pods = new PoolPods(defaultReadiness);
    const pool = poolSeen(0, { ready: 2, observedAtMs: Number.NEGATIVE_INFINITY, observedReady: 0 });
    for (const nowMs of [0, 900_000]) {
      pods.update(pool, nowMs);
      expect(pods.groups(pool, 0, true, nowMs)).toEqual([{ state: "missing", count: 2, usage: 0, request: 16 }]);
    }
  });
});

describe("a pod without a Ready condition", () => {
  it("is unready for utilisation, however old it is", () => {
    const pod = {
      phase: "Running",
      deleting: false,
      transitionAtMs: 30_000,
      startedAtMs: 0,
      sampledAtMs: 60_000,
    } as const;
    expect(podState({ ...pod, ready: undefined }, true, 400_000, defaultReadiness)).toBe("unready");
    expect(podState({ ...pod, ready: false }, true, 400_000, defaultReadiness)).toBe("ready");
  });
});
