import { describe, expect, it } from "vitest";
import type { FrontierDocument, MatchedRow } from "../../src/experiment/frontier/frontier-document.js";
import { frontierTables, settingsTable } from "../../src/report/frontier-tables.js";

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

  it("have no figure where the policy failed, which differs from a policy that does not come there", () => {
    const points = [{ value: null, cost: 4, violationRatio: 1, failedDecisions: 0.5 }];
    const none = { value: null, setting: null, relative: null };
    const document = {
      ...at(0.002),
      policies: [
        { name: "mine", kind: "/mine.mjs", knob: null, points },
        { name: "slow", kind: "static", knob: null, points: [{ value: 1, cost: 4, violationRatio: 1 }] },
      ],
      violationAtCost: [
        {
          at: 1,
          baseline: "hpa",
          rows: ["hpa", "mine", "slow"].map((name) => ({ ...row(name, 0, 0, null), ...(name === "hpa" ? {} : none) })),
        },
      ],
    };
    expect(
      frontierTables(document)[0]
        .rows.slice(1)
        .map((cells) => cells[2]),
    ).toEqual(["no figure: it failed", "does not come there"]);
    expect(settingsTable(document).rows[0]).toContain("– (it failed)");
  });

  it("name the cost in its currency, or in streamlet-hours", () => {
    expect(frontierTables(at(0.002, "EUR"))[0].title).toContain("at a cost of 2,423 EUR (");
    expect(frontierTables({ ...at(0.002), costMetric: "streamletHours" })[0].title).toContain(
      "at 2,423 streamlet-hours (",
    );
  });
});
