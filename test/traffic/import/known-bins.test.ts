import { describe, expect, it } from "vitest";
import { requireKnownBins } from "../../../src/traffic/import/known-bins.js";

const none = { region: "", format: "", segment: "" };
const table = (...values: (readonly number[])[]) => ({
  file: "x.csv",
  startMs: 0,
  binMs: 60_000,
  columns: { region: true, format: false, segment: false },
  series: values.map((_, i) => ({ ...none, region: `r${i}` })),
  values: values.map((column) => Float64Array.from(column)),
  interpolated: 0,
});
const { NaN: unknown } = Number;

describe("an imported trace", () => {
  it("is refused where a series has no known value", () => {
    expect(() => requireKnownBins("x.csv", table([1, 2], [unknown, unknown]))).toThrow(
      /^x\.csv: the series r1 without any known value in 2 bins of 1 min; expected numbers of requests/,
    );
  });

  it("is refused where fewer than half of its bins are known, since the rest would be invented", () => {
    expect(() => requireKnownBins("x.csv", table([1, unknown, unknown, unknown, 5]))).toThrow(
      /2 known bins of 5 \(1 min each\); expected at least half of them\. Cut a long gap off with --from and --to/,
    );
    expect(() => requireKnownBins("x.csv", table([1, unknown, unknown, 4], [0, 0, 0, unknown]))).not.toThrow();
  });
});
