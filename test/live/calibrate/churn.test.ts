import { describe, expect, it } from "vitest";
import { perStreamOf } from "../../../src/live/calibrate/churn.js";

/** Starts one second apart, each of `tookMs`, beside so many open streams. */
const apart = (count: number, tookMs: number, open: number) =>
  Array.from({ length: count }, (_, i) => ({ fromMs: 1000 * i, toMs: 1000 * i + tookMs, open }));

describe("starts among streams that come and go", () => {
  it("say by which share each open stream lengthens a start", () => {
    expect(perStreamOf(apart(10, 130, 6), 100)).toBeCloseTo(0.05, 9);
  });

  it("leave those aside that met another start", () => {
    const met = [
      { fromMs: 20_000, toMs: 20_900, open: 1 },
      { fromMs: 20_100, toMs: 21_000, open: 1 },
    ];
    expect(perStreamOf([...apart(10, 130, 6), ...met], 100)).toBeCloseTo(0.05, 9);
  });

  it("say nothing where they are no slower, too few, or no stream was open", () => {
    expect(perStreamOf(apart(10, 90, 6), 100)).toBe(0);
    expect(perStreamOf(apart(4, 130, 6), 100)).toBe(0);
    expect(perStreamOf(apart(10, 130, 0), 100)).toBe(0);
  });
});
