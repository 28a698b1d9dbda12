import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { estimate } from "../../../src/base/statistics.js";
import type { Check } from "../../../src/experiment/validate/row.js";
import { judge } from "../../../src/experiment/validate/verdict.js";

const check: Check = {
  quantity: "x",
  unit: "",
  exact: 10,
  measure: () => 0,
  widestHalfWidth: 0.1,
  controlled: false,
};
/** Mean 10, half-width 0.78 at 99 %. */
const values = [9.4, 10.6, 9.7, 10.3, 9.1, 10.9, 10];

describe("a verdict", () => {
  it("passes where the exact value lies in a narrow enough interval", () => {
    const outcome = judge(check, 10.5, values, [], 0.99, 1);
    expect(outcome.verdict).toBe("pass");
    expect(outcome.simulated).toBeCloseTo(10, 12);
    expect(outcome.halfWidth).toBeCloseTo(estimate(values, 0.99).halfWidth as number, 12);
    expect(outcome.relativeError).toBeCloseTo(-0.5 / 10.5, 12);
  });

  it("misses a value outside the interval, and one whose interval is too wide", () => {
    expect(judge(check, 11, values, [], 0.99, 1).verdict).toBe("outside the interval");
    expect(judge({ ...check, widestHalfWidth: 0.01 }, 10, values, [], 0.99, 1).verdict).toBe("interval too wide");
    expect(judge({ ...check, widestHalfWidth: 0.01 }, 10, values, [], 0.99, 20).verdict).toBe("pass");
  });

  it("misses a single replication, which has no interval, and a value that is no number", () => {
    const single = judge(check, 10, [10], [], 0.99, 1);
    expect([single.verdict, single.halfWidth, single.relativeHalfWidth]).toEqual(["interval too wide", null, null]);
    expect(judge(check, 10, [10, Number.NaN, 10], [], 0.99, 1).verdict).not.toBe("pass");
  });

  it("grants the stated edge on top of the interval, and no more", () => {
    const edged = { ...check, edge: 0.01 };
    const width = judge(check, 10, values, [], 0.99, 1).halfWidth as number;
    expect(judge(check, 10 + width + 0.05, values, [], 0.99, 1).verdict).toBe("outside the interval");
    expect(judge(edged, 10 + width + 0.05, values, [], 0.99, 1).verdict).toBe("pass");
    expect(judge(edged, 10 + width + 0.15, values, [], 0.99, 1).verdict).toBe("outside the interval");
  });

  it("uses controls only where the check allows them, and shows the plain interval beside", () => {
    const random = new RandomStream("verdict");
    const control = values.map(() => random.normal());
    const noisy = control.map((x) => 10 + x);
    const own = judge({ ...check, controlled: true }, 10, noisy, [control], 0.99, 1);
    expect(own.halfWidth as number).toBeLessThan(1e-9);
    expect(own.plain.halfWidth as number).toBeGreaterThan(0.5);
    expect(judge(check, 10, noisy, [control], 0.99, 1).halfWidth).toBeCloseTo(own.plain.halfWidth as number, 12);
  });

  it("widens by the reference's own error where there is no closed form", () => {
    const alone = judge(check, { mean: 10, standardError: 0, n: 1000 }, values, [], 0.99, 1);
    const both = judge(check, { mean: 10, standardError: 0.3, n: 1000 }, values, [], 0.99, 1);
    expect(alone.halfWidth).toBeCloseTo(estimate(values, 0.99).halfWidth as number, 12);
    expect(both.halfWidth as number).toBeGreaterThan(alone.halfWidth as number);
    // Few values of the reference make its error itself uncertain.
    const few = judge(check, { mean: 10, standardError: 0.3, n: 4 }, values, [], 0.99, 1);
    expect(few.halfWidth as number).toBeGreaterThan(both.halfWidth as number);
  });
});
