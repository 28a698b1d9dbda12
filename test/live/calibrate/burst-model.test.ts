import { describe, expect, it } from "vitest";
import {
  contentionOf,
  figuresOf,
  fitCrowding,
  fitSharing,
  predictBurst,
} from "../../../src/live/calibrate/burst-model.js";

const line = { startsAtOnce: 2, serialMs: 0, sharing: 0, perStream: 0, crowding: 0 };

describe("the model of a burst", () => {
  it("is a queue before as many servers as start at once", () => {
    // Two by two: ready at 20, 20, 40, 40.
    const model = { singlesMs: Float64Array.of(20), line };
    expect(predictBurst(model, 4)).toEqual({ p50: 30, p90: 40, makespanMs: 40 });
    expect(predictBurst(model, 1)).toEqual({ p50: 20, p90: 20, makespanMs: 20 });
  });

  it("takes from pairs by how much starts lengthen each other", () => {
    // Both of a pair take 20·(1 + s): a mean of 24 is s = 0.2; if only the second were longer, by 0.4.
    const singlesMs = Float64Array.of(20);
    expect(fitSharing(singlesMs, line, [[20, 28]])).toBeCloseTo(0.2, 9);
    expect(contentionOf(0.2)).toBeCloseTo(0.4, 9);
    expect(fitSharing(singlesMs, line, [[18, 20]])).toBe(0);
    expect(fitSharing(singlesMs, { ...line, startsAtOnce: 1 }, [[20, 40]])).toBe(0);
  });

  it("takes from starts among streams by how much each stream adds to that", () => {
    // Two starts at once beside five streams: 20·(1 + 0.2 + 5·0.04) = 28 each; alone, 20.
    const at = (fromMs: number, tookMs: number) => ({ fromMs, toMs: fromMs + tookMs, open: 5 });
    const model = { singlesMs: Float64Array.of(20), line: { ...line, sharing: 0.2 } };
    expect(fitCrowding(model, [at(50, 20), at(1000, 28), at(1000, 28)])).toBeCloseTo(0.04, 9);
    expect(fitCrowding(model, [at(50, 20), at(1000, 24), at(1000, 24)])).toBe(0);
    expect(fitCrowding(model, [])).toBe(0);
  });

  it("sums measured bursts up in the same figures", () => {
    const bursts = [
      [10, 20],
      [30, 40],
    ];
    expect(figuresOf(bursts)).toEqual({ p50: 25, p90: 37, makespanMs: 30 });
  });
});
