import { describe, expect, it } from "vitest";
import { handDriven } from "./hand-driven.js";

describe("the metrics of a run that can be computed by hand", () => {
  // One streamlet of two slots, ten minutes of which the last eight are measured, a waiting room
  // for one.
  const document = {
    duration: "10min",
    warmup: "2min",
    streams: { holding: "1min" },
    fleet: { streamlet: { slots: 2 } },
    gateway: { waitingRoom: 1 },
    policies: [{ kind: "static", count: 1 }],
    slo: { startLatencyP99: "200ms", rejectedRatio: 0.5, abandonedRatio: 0.5 },
    cost: { streamletHour: 3 },
  };
  const run = handDriven(document, [
    { atS: 60, holdS: 180 }, // A: before the window; holds a slot from 1:00 to 4:00
    { atS: 150, holdS: 120 }, // B: 2:30 to 4:30
    { atS: 180, holdS: 60 }, // C: waits from 3:00 to 4:00, then until 5:00
    { atS: 210, holdS: 60 }, // D: finds C waiting, is turned away
    { atS: 245, holdS: 60, patienceS: 10 }, // E: waits from 4:05, gives up at 4:15
    { atS: 540, holdS: 300 }, // F: still open at the end
  ]);
  run.advance(600_000);
  const { metrics, counts, timeline, rejections } = run.result();

  it("count first attempts that arrive in the window, and what became of them", () => {
    expect(metrics.arrivals).toBe(5);
    expect(metrics.completed).toBe(2);
    expect(metrics.rejectedRatio).toBe(1 / 5);
    expect(metrics.abandonedRatio).toBe(1 / 5);
    expect(metrics.interruptedRatio).toBe(0);
    expect(metrics.waitProbability).toBe(2 / 5);
    expect(rejections).toEqual({ "waiting-room-full": 1 });
  });

  it("account for the whole run, warm-up included", () => {
    expect(counts).toEqual({
      arrived: 6,
      completed: 3,
      interrupted: 0,
      rejected: 1,
      abandoned: 1,
      waiting: 0,
      open: 1,
    });
  });

  it("measure the start latency over those that were served", () => {
    // B 0 s, C 60 s, F 0 s.
    expect(metrics.startLatencyMsMean).toBeCloseTo(20_000, 6);
    expect(metrics.startLatencyMsP50).toBe(0);
    expect(Math.abs(metrics.startLatencyMsP99 / 60_000 - 1)).toBeLessThan(0.008);
    expect(metrics.responseMsMean).toBeCloseTo(120_000, 6);
  });

  it("average levels over the window: utilisation is ∫open / ∫ready slots", () => {
    // Stream-minutes in [2, 10): A 2, B 2, C 1, F 1. Waiting: C 60 s, E 10 s.
    expect(metrics.openStreamsMean).toBeCloseTo(6 / 8, 9);
    expect(metrics.utilisationMean).toBeCloseTo(6 / 16, 9);
    expect(metrics.waitingMean).toBeCloseTo(70 / 480, 9);
    expect(metrics.streamletsReadyMean).toBeCloseTo(1, 9);
    expect(metrics.streamletsSpawningMean).toBe(0);
  });

  it("cost what stood there", () => {
    expect(metrics.streamletHours).toBeCloseTo(8 / 60, 9);
    expect(metrics.cost).toBeCloseTo((3 * 8) / 60, 9);
    // No hosts in the scenario: no host-hours.
    expect(metrics.hostHours).toBeUndefined();
    expect(metrics.spawns).toBe(0);
    expect(metrics.crashes).toBe(0);
  });

  it("violate the SLO in the minute in which the request arrived", () => {
    // Minute 3: C is slow. Minute 4: E, its only arrival, gives up. In minute 3 half was
    // rejected, which is just allowed.
    expect(metrics.sloViolationMinutes).toBe(2);
    expect(violatingMinutes(timeline.violationMinutes!, timeline.binMs)).toEqual([3, 4]);
  });
});

describe("a life of streamlets that can be computed by hand", () => {
  // Desired: 1 from the start, 2 from 1:00, 0 from 3:00. Spawning takes 30 s; the one stream
  // holds from 1:10 to 5:10.
  const wanted = [1, 2, 2, 0, 0, 0, 0];
  const policy = {
    decide: (_: unknown, nowMs: number) => [{ desired: wanted[nowMs / 60_000], reason: "by hand" }],
  };
  const document = {
    duration: "6min",
    streams: { holding: "1min" },
    fleet: { regions: [{ name: "eu", hosts: 3, cpu: 8 }], streamlet: { slots: 1, cpu: 1, spawn: "30s" } },
    policies: [{ kind: "./by-hand.js", min: 0, tick: "1min" }],
    cost: { streamletHour: 2, hostHour: 5 },
  };
  const run = handDriven(document, [{ atS: 70, holdS: 240 }], policy);
  run.advance(360_000);
  const { metrics, stops } = run.result();

  it("counts spawning, ready and draining time, and every spawn and end", () => {
    // Spawning 2 · 30 s; ready 0:30–3:00 and 1:30–3:00; draining 3:00–5:10.
    expect(metrics.streamletsSpawningMean).toBeCloseTo(60 / 360, 9);
    expect(metrics.streamletsReadyMean).toBeCloseTo((150 + 90) / 360, 9);
    expect(metrics.streamletsDrainingMean).toBeCloseTo(130 / 360, 9);
    expect(metrics.streamletHours).toBeCloseTo((60 + 150 + 90 + 130) / 3600, 9);
    expect(metrics.spawns).toBe(2);
    expect(stops).toEqual({ retired: 1, drained: 1 });
  });

  it("divides the open streams on ready streamlets by their slots, and bills every host all the time", () => {
    // On a ready one from 1:10 to 3:00, on a draining one from then to 5:10.
    expect(metrics.utilisationMean).toBeCloseTo(110 / 240, 9);
    expect(metrics.openDrainingMean).toBeCloseTo(130 / 360, 9);
    expect(metrics.openStreamsMean).toBeCloseTo(240 / 360, 9);
    expect(metrics.hostHours).toBeCloseTo(3 * 0.1, 9);
    expect(metrics.cost).toBeCloseTo((430 / 3600) * 2 + 0.3 * 5, 9);
  });
});

function violatingMinutes(bins: Float64Array, binMs: number): number[] {
  const minutes = new Set<number>();
  bins.forEach((violated, i) => {
    if (violated === 1) minutes.add(Math.floor(((i + 0.5) * binMs) / 60_000));
  });
  return [...minutes];
}
