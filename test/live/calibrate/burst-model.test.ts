import { describe, expect, it } from "vitest";
import { figuresOf, predictBurst } from "../../../src/live/calibrate/burst-model.js";
import { plainLine as line } from "./plain-line.js";

describe("the model of a burst", () => {
  it("is a queue before as many servers as start at once", () => {
    // Two by two: ready at 20, 20, 40, 40.
    const model = { singlesMs: Float64Array.of(20), line };
    expect(predictBurst(model, 4)).toEqual({ p50: 30, p90: 40, makespanMs: 40 });
    expect(predictBurst(model, 1)).toEqual({ p50: 20, p90: 20, makespanMs: 20 });
  });

  it("sums measured bursts up in the same figures", () => {
    const bursts = [
      [10, 20],
      [30, 40],
    ];
    expect(figuresOf(bursts)).toEqual({ p50: 25, p90: 37, makespanMs: 30 });
  });
});
