import { describe, expect, it } from "vitest";
import { figuresOfLog, meanReady, readyDistance, waitQuantile } from "../../../src/live/twin/log-figures.js";

const state = (at: number, id: number, from: string, to: string): string =>
  JSON.stringify({ at, kind: "streamlet", id, pool: 0, from, to, reason: "" });
const assigned = (at: number, waitMs: number): string =>
  JSON.stringify({ at, kind: "assigned", request: 1, id: 1, waitMs });

describe("the figures of a run log", () => {
  const lines = [
    state(0, 1, "none", "spawning"),
    state(5, 2, "none", "spawning"),
    state(5, 3, "none", "spawning"),
    state(20, 1, "spawning", "ready"),
    assigned(20, 10),
    state(30, 3, "spawning", "ready"),
    assigned(30, 20),
    state(40, 2, "spawning", "ready"),
    JSON.stringify({ at: 41, kind: "ended", id: 1, request: 1, end: "completed", degraded: false }),
    state(60, 1, "ready", "draining"),
    state(60, 1, "draining", "stopped"),
    state(80, 3, "ready", "stopped"),
  ];

  it("are waits, ready streamlets over time, and the largest burst until its last is ready", () => {
    const figures = figuresOfLog(lines);
    expect(Array.from(figures.waitsMs)).toEqual([10, 20]);
    expect(waitQuantile(figures, 0.5)).toBe(15);
    expect(figures.burst).toEqual({ size: 2, makespanMs: 35 });
    expect(figures.spawns).toBe(3);
    // 1 from 20, 2 from 30, 3 from 40, 2 from 60, 1 from 80: 10 + 20 + 60 + 40 + 20 = 150 over 100
    // ms.
    expect(meanReady(figures, 100)).toBeCloseTo(1.5, 12);
  });

  it("tell two courses apart that have the same mean", () => {
    const early = figuresOfLog([state(0, 1, "spawning", "ready"), state(50, 1, "ready", "stopped")]);
    const late = figuresOfLog([state(50, 1, "spawning", "ready")]);
    expect(meanReady(early, 100)).toBe(meanReady(late, 100));
    expect(readyDistance(early, late, 100)).toBe(1);
    expect(readyDistance(late, late, 100)).toBe(0);
  });

  it("have no wait where no request was served, and no end of a burst that never became ready", () => {
    const figures = figuresOfLog([state(0, 1, "none", "spawning")]);
    expect(waitQuantile(figures, 0.5)).toBeNaN();
    expect(figures.burst).toEqual({ size: 1, makespanMs: Number.NaN });
  });
});
