import { describe, expect, it } from "vitest";
import { refuseTotal } from "../../../src/traffic/import/total-series.js";

const table = (columns: Readonly<Record<string, readonly number[]>>) => ({
  file: "x.csv",
  startMs: 0,
  binMs: 60_000,
  columns: { region: true, format: false, segment: false },
  series: Object.keys(columns).map((region) => ({ region, format: "", segment: "" })),
  values: Object.values(columns).map((column) => Float64Array.from(column)),
  interpolated: 0,
});
const eu = Array.from({ length: 12 }, (_, i) => i + 0.1);
const us = eu.map((count) => 3 * count);
const all = eu.map((count, i) => (i === 4 ? Number.NaN : 4 * count));

describe("a series among others", () => {
  it("is refused where it is their sum in each known bin, since each request would count twice", () => {
    expect(() => refuseTotal("x.csv", table({ all, eu, us }))).toThrow(
      /^x\.csv: the series all, the sum of all others in each bin; expected each request once/,
    );
  });

  it("is accepted where one bin differs, where it has one twin only, and in a few bins", () => {
    const other = all.with(7, 1);
    for (const columns of [
      { eu, us, other },
      { eu, twin: eu },
      { all: [4], eu: [1], us: [3] },
    ])
      expect(() => refuseTotal("x.csv", table(columns))).not.toThrow();
  });
});
