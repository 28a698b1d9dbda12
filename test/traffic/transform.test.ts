import { describe, expect, it } from "vitest";
import { shifted, stretched, superposed, thinned, withSpike } from "../../src/traffic/transform.js";
import type { TraceTable } from "../../src/world/scenario/resources.js";

function trace(values: number[], region = "", startMs = 0): TraceTable {
  return {
    file: "t.csv",
    startMs,
    binMs: 60_000,
    columns: { region: region !== "", format: false, segment: false },
    series: [{ region, format: "", segment: "" }],
    values: [Float64Array.from(values)],
    interpolated: 0,
  };
}

describe("transforms of traces", () => {
  it("thins to a share: whole counts, with the mean and the variance of a binomial", () => {
    const [column] = thinned(0.3, 1)(trace(Array(4000).fill(50))).values;
    const mean = column.reduce((sum, value) => sum + value, 0) / 4000;
    const variance = column.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / 3999;
    // Standard errors: √(10.5/4000) ≈ 0.051 and 10.5·√(2/4000) ≈ 0.23; four of each.
    expect(Math.abs(mean - 15)).toBeLessThan(0.21);
    expect(Math.abs(variance - 10.5)).toBeLessThan(0.94);
    expect(column.every(Number.isInteger)).toBe(true);
  });

  it("multiplies whole by whole exactly, and keeps the unknown unknown", () => {
    expect([...thinned(3, 1)(trace([1, Number.NaN, 2])).values[0]]).toEqual([3, Number.NaN, 6]);
  });

  it("stretches time at the same rate", () => {
    expect([...stretched(2)(trace([2, 4])).values[0]]).toEqual([2, 2, 4, 4]);
    expect([...stretched(0.5)(trace([2, 4, 6, 8])).values[0]]).toEqual([3, 7]);
  });

  it("shifts by whole bins", () => {
    expect(shifted(-90_000)(trace([1, 2])).startMs).toBe(-60_000);
  });

  it("adds a burst from its instant on, which falls to 1/e", () => {
    const [column] = withSpike({ atMs: 60_000, height: 2, decayMs: 60_000 })(trace([100, 100, 100, 100])).values;
    expect([...column]).toEqual([100, 174, 127, 110]);
  });

  it("adds what has the same name over the common time, and sets the rest side by side", () => {
    const sum = superposed(trace([10, 20, 30], "eu", 60_000))(trace([1, 2, 3], "eu"));
    expect([sum.startMs, ...sum.values[0]]).toEqual([60_000, 12, 23]);
    const both = superposed(trace([10, 20], "us"))(trace([1, 2], "eu"));
    expect(both.series.map((one) => one.region)).toEqual(["eu", "us"]);
  });
});
