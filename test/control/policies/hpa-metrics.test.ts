import { describe, expect, it } from "vitest";
import { type HpaMetric, MetricReader, replicasForMetric } from "../../../src/control/policies/hpa-metrics.js";
import { defaultReadiness, PoolPods } from "../../../src/control/policies/hpa-pods.js";
import type { PoolObservation } from "../../../src/ports/policy.js";
import { poolSeen } from "./hand-observation.js";

/** A reader that saw scrapes at these seconds with these running totals of arrivals. */
function readerOf(windowMs: number, scrapes: readonly (readonly [atS: number, arrivals: number])[]) {
  const reader = new MetricReader(windowMs);
  for (const [atS, arrivals] of scrapes) reader.update(poolSeen(atS * 1000, { arrivals }));
  const [lastS] = scrapes[scrapes.length - 1];
  return { rate: () => reader.total(poolSeen(lastS * 1000, {}), "arrivals-per-second") };
}

describe("the metrics of a pool", () => {
  it("count streams on draining streamlets among the open ones, as demand does with what waits", () => {
    const reader = new MetricReader(15_000);
    const pool = poolSeen(0, { open: 40, openDraining: 10, waiting: 7 });
    expect(reader.total(pool, "open-streams")).toBe(50);
    expect(reader.total(pool, "demand")).toBe(57);
    expect(reader.total(pool, "waiting-requests")).toBe(7);
  });

  it("have no value before the first scrape", () => {
    const pool = poolSeen(0, { observedAtMs: Number.NEGATIVE_INFINITY });
    for (const metric of ["open-streams", "waiting-requests", "demand", "arrivals-per-second"] as const)
      expect(new MetricReader(15_000).total(pool, metric)).toBeUndefined();
  });
});

describe("arrivals per second", () => {
  it("are the arrivals between two scrapes by the time between them", () => {
    const scrapes = [
      [100, 300],
      [110, 350],
    ] as const;
    expect(readerOf(15_000, scrapes).rate()).toBe(5);
  });

  it("need two scrapes: one that is seen again is no second one", () => {
    const again = [
      [100, 300],
      [100, 300],
    ] as const;
    expect(readerOf(15_000, again).rate()).toBeUndefined();
    // A decision between two scrapes does not shorten what the rate looks back on.
    expect(readerOf(15_000, [[80, 100], ...again]).rate()).toBe(10);
  });

  it("look back on the newest scrape that is as old as the window", () => {
    const scrapes = [
      [0, 0],
      [10, 1000],
      [20, 1010],
      [30, 1030],
    ] as const;
    expect(readerOf(10_000, scrapes).rate()).toBe(2);
    // 15 s before the last no scrape was taken; the one before that was at 10 s.
    expect(readerOf(15_000, scrapes).rate()).toBe(1.5);
  });

  it("look back on the last two scrapes if the window has no length", () => {
    const scrapes = [
      [0, 0],
      [10, 40],
    ] as const;
    expect(readerOf(0, scrapes).rate()).toBe(4);
  });
});

describe("the proposal of a metric per streamlet", () => {
  /** Ten streamlets, ready since the start, and a target of four per streamlet. */
  function proposal(metric: "open-streams" | "waiting-requests" | "demand", seen: Partial<PoolObservation>) {
    const pods = new PoolPods(defaultReadiness);
    const pool = poolSeen(0, { ready: 10, openDraining: 10, ...seen });
    pods.update(pool, 0);
    const perStreamlet: HpaMetric = { type: "pods", metric, averageValue: 4 };
    return replicasForMetric(perStreamlet, 10, pool, pods, new MetricReader(15_000), { up: 0, down: 0 }, 0);
  }

  it("leaves out the streams of streamlets that are being deleted", () => {
    expect(proposal("open-streams", { open: 40 })).toBe(10);
    expect(proposal("open-streams", { open: 60 })).toBe(15);
    expect(proposal("demand", { open: 40, waiting: 20 })).toBe(15);
  });

  it("takes all of what waits, since none of it waits at a streamlet that is being deleted", () => {
    expect(proposal("waiting-requests", { waiting: 60 })).toBe(15);
  });

  it("counts streamlets that are too young for utilisation", () => {
    const pods = new PoolPods(defaultReadiness);
    pods.update(poolSeen(0, { ready: 0 }), 0);
    const pool = poolSeen(60_000, { ready: 2, open: 12 });
    pods.update(pool, 60_000);
    const of = (metric: HpaMetric) =>
      replicasForMetric(metric, 2, pool, pods, new MetricReader(15_000), { up: 0, down: 0 }, 60_000);
    expect(of({ type: "pods", metric: "open-streams", averageValue: 4 })).toBe(3);
    expect(of({ type: "resource", targetUtilisation: 0.5 })).toBeUndefined();
  });
});
