import { describe, expect, it } from "vitest";
import { CountScale } from "../../../src/control/forecast/count-space.js";

/** The mean of the first four is 25, their peak 40: offset 0.5 + 0.02 · 25, ceiling 4 · 40 + 10. */
const counts = Float64Array.of(10, 40, 20, 30, 1000);

function adapted(space: "identity" | "sqrt" | "log"): CountScale {
  const scale = new CountScale(space);
  expect(scale.adapt(counts, 4)).toEqual([1, 170]);
  return scale;
}

describe("a scale of counts", () => {
  it("has an offset of half a count and 2 % of the mean, and a ceiling of four peaks and ten counts", () => {
    const scale = new CountScale("log");
    expect(scale.adapt(counts, 2)).toEqual([1, 170]);
    expect(scale.adapt(counts, 5)).toEqual([0.5 + 0.02 * 220, 4010]);
    expect(scale.adapt(counts, 0)).toEqual([0.5, 10]);
  });

  it("takes counts as they are, by their root, or by their logarithm", () => {
    expect(adapted("identity").into(9)).toBe(9);
    expect(adapted("sqrt").into(9)).toBe(3);
    expect(adapted("log").into(9)).toBe(Math.log(10));
  });

  it("takes them back within 0 and the ceiling", () => {
    expect([-3, 0, 9, 171].map((z) => adapted("identity").from(z))).toEqual([0, 0, 9, 170]);
    expect([-3, 0, 3, 14].map((z) => adapted("sqrt").from(z))).toEqual([0, 0, 9, 170]);
    const log = adapted("log");
    expect([-3, 0, 10, 1e6].map((z) => log.from(z))).toEqual([0, 0, 170, 170]);
    expect(log.from(Math.log(10))).toBeCloseTo(9, 12);
  });

  it("gives 0 for a forecast that is no number", () => {
    expect((["identity", "sqrt", "log"] as const).map((space) => adapted(space).from(Number.NaN))).toEqual([0, 0, 0]);
  });

  it("stays finite for a logarithm of any size where the ceiling is none", () => {
    const scale = new CountScale("log");
    scale.restore(2, Number.POSITIVE_INFINITY);
    expect(scale.from(1e9)).toBe(Math.exp(700) - 2);
  });

  it("restores what another one fitted", () => {
    const scale = new CountScale("log");
    scale.restore(3, 50);
    expect([scale.into(7), scale.from(Math.log(8)), scale.from(9)]).toEqual([Math.log(10), expect.closeTo(5, 12), 50]);
  });

  it("has the origin of its logarithm; roots and plain counts have none", () => {
    expect((["identity", "sqrt", "log"] as const).map((space) => adapted(space).origin)).toEqual([0, 0, 1]);
  });
});
