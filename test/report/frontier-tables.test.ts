import { describe, expect, it } from "vitest";
import type { FrontierDocument, MatchedRow } from "../../src/experiment/frontier/frontier-document.js";
import { frontierTables } from "../../src/report/frontier-tables.js";

function row(policy: string, value: number, halfWidth: number, relative: number | null): MatchedRow {
  return {
    policy,
    value: { value, halfWidth, n: 4 },
    setting: null,
    relative: relative === null ? null : { value: relative, halfWidth: 0.39, n: 4 },
    verdict: null,
    better: null,
  };
}

/** Violating minutes at a cost at which the baseline has 1 % of them, with this half width. */
function at(halfWidth: number, currency?: string): FrontierDocument {
  const rows = [row("hpa", 0.01, halfWidth, null), row("predictive", 0, 0, -1)];
  return {
    costMetric: "cost",
    ...(currency === undefined ? {} : { currency }),
    measuredMinutes: 165,
    policies: [],
    costAtSlo: [],
    violationAtCost: [{ at: 2423.1, baseline: "hpa", rows }],
  };
}

describe("the violating minutes at a matched cost", () => {
  it("have no percentage where the baseline's interval reaches near zero", () => {
    const [near] = frontierTables(at(0.013));
    expect(near.rows.map((cells) => cells[3])).toEqual(["(baseline)", "(baseline near zero)"]);
    const [far] = frontierTables(at(0.002));
    expect(far.rows[1][3]).toBe("−100 ± 39 %");
  });

  it("name the cost in its currency, or in streamlet-hours", () => {
    expect(frontierTables(at(0.002, "EUR"))[0].title).toContain("at a cost of 2,423 EUR (");
    expect(frontierTables({ ...at(0.002), costMetric: "streamletHours" })[0].title).toContain(
      "at 2,423 streamlet-hours (",
    );
  });
});
