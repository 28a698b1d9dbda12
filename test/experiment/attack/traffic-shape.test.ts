import { describe, expect, it } from "vitest";
import { durationText, rateAt, shapeText, writtenTraffic } from "../../../src/experiment/attack/traffic-shape.js";

const MINUTE_MS = 60_000;

describe("traffic that the search makes", () => {
  it("is a source with parameters where one has them", () => {
    expect(writtenTraffic({ ratePerSecond: 2 }, 3_600_000, 0, "t.csv")).toEqual({
      section: { source: "poisson", rate: "2/s" },
      trace: undefined,
    });
    const wave = { kind: "sine", height: 0.5, periodMs: 7_200_000, phaseMs: 90_000 } as const;
    expect(writtenTraffic({ ratePerSecond: 2, wave }, 3_600_000, 0, "t.csv").section).toEqual({
      source: "sinusoid",
      rate: "2/s",
      amplitude: 0.5,
      period: "2h",
      phase: "90s",
    });
  });

  it("is else a trace whose history has the wave and not the surge", () => {
    const wave = { kind: "pulse", height: 4, periodMs: 40 * MINUTE_MS, phaseMs: 0 } as const;
    const surge = { atMs: 20 * MINUTE_MS, lengthMs: 2 * MINUTE_MS, height: 10 };
    const { section, trace } = writtenTraffic(
      { ratePerSecond: 1, wave, surge },
      30 * MINUTE_MS,
      80 * MINUTE_MS,
      "t.csv",
    );
    expect(section).toEqual({ source: "trace", file: "t.csv", start: "2026-01-05T01:20:00Z", scale: 1 });
    // Two minutes are the widest bin at whose edges pulses and surge begin and end.
    expect(trace?.binMs).toBe(2 * MINUTE_MS);
    const perSecond = [...(trace?.values[0] ?? [])].map((value) => value / 120);
    expect(perSecond.slice(0, 6)).toEqual([4, 4, 4, 4, 4, 1]);
    expect(perSecond.slice(40)).toEqual([4, 4, 4, 4, 4, 1, 1, 1, 1, 1, 10, 1, 1, 1, 1]);
  });

  it("has a rate at every instant, in the history too", () => {
    const wave = { kind: "sine", height: 1, periodMs: 1000, phaseMs: 0 } as const;
    expect(rateAt({ ratePerSecond: 3, wave }, -750)).toBeCloseTo(6, 12);
  });

  it("is written in words", () => {
    const surge = { atMs: 20 * MINUTE_MS, lengthMs: 2 * MINUTE_MS, height: 10 };
    expect(shapeText({ ratePerSecond: 0.5, surge })).toBe("0.5 requests/s, once ×10 for 2min from 20min on");
    expect([5_400_000, 86_400_000, 1500, 45_000].map(durationText)).toEqual(["90min", "1d", "1500ms", "45s"]);
  });
});
