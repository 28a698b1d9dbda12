import { describe, expect, it } from "vitest";
import { parseSpawnProfile } from "../../../src/experiment/spawn-profile.js";
import { measureClass } from "../../../src/live/calibrate/class-profile.js";
import { knownFormats } from "../../../src/live/formats/format.js";
import { childCount, descriptorCount } from "../fleet-bench.js";
import { runtimes } from "../live-bench.js";

const little = { rounds: 1, singlesPerRound: 2, crashes: 1, handOffs: 3, churnMs: 1500, streams: 2, streamMs: 300 };
const never = new AbortController().signal;

describe("calibration", () => {
  it.each(runtimes().slice(-1))(
    "(%s) measures real processes, in a form that scenarios read, and leaves none of them behind",
    { timeout: 180_000 },
    async (runtime) => {
      const [children, descriptors] = [childCount(), descriptorCount()];
      const shares: number[] = [];
      const profile = await measureClass(runtime, little, never, (share) => shares.push(share));
      expect(childCount()).toBe(children);
      expect(descriptorCount()).toBeLessThanOrEqual(descriptors + 2);
      expect(shares.at(-1)).toBe(1);
      expect(shares).toEqual(shares.slice().sort((a, b) => a - b));
      const { spawn } = parseableProfile(profile.spawn);
      expect(spawn.valuesMs[0]).toBeGreaterThan(0);
      const { count: _count, quantilesMs: _quantiles, contention: _contention, lag1: _lag1, ...line } = profile.spawn;
      expect(spawn.queue).toEqual(line);
      for (const value of Object.values(line)) expect(value).toBeGreaterThanOrEqual(0);
      // What the model was fitted on is not held out: four times as many as start at once.
      const fitted = Math.min(16, 4 * line.startsAtOnce);
      expect(profile.bursts.map((burst) => burst.size)).toEqual([4, 8, 16].filter((size) => size !== fitted));
      // A mean of two maxima: not less than the median of all, but perhaps than their p90.
      expect(profile.waves.makespanMs).toBeGreaterThanOrEqual(profile.waves.p50);
      for (const { measured, predicted, error } of profile.bursts) {
        expect(measured.makespanMs).toBeGreaterThanOrEqual(measured.p90);
        expect(predicted.p50).toBeGreaterThan(0);
        expect(error.p50).toBeCloseTo((predicted.p50 - measured.p50) / measured.p50, 2);
      }
      for (const of of [profile.handOffMs, profile.crashDetectionMs, profile.teardownMs]) {
        expect(of.p50).toBeGreaterThan(0);
        expect(of.p99).toBeGreaterThanOrEqual(of.p50);
      }
      expect(profile.idleRssBytes).toBeGreaterThan(0);
      expect(Object.keys(profile.formats)).toEqual(knownFormats());
      for (const cost of Object.values(profile.formats)) expect(cost.bitsPerSecond).toBeGreaterThan(100_000);
    },
  );

  it("ends at once with all its processes when it is aborted", async () => {
    const children = childCount();
    const controller = new AbortController();
    const measured = measureClass("node", little, controller.signal, () => undefined);
    controller.abort(new Error("called off"));
    await expect(measured).rejects.toThrow("called off");
    expect(childCount()).toBe(children);
  });
});

function parseableProfile(spawn: object) {
  const text = JSON.stringify({ kind: "calibration", version: 1, spawn });
  return { spawn: parseSpawnProfile("calibration.json", text) };
}
