import { describe, expect, it } from "vitest";
import { sideBySide } from "../../src/report/side-by-side/side-by-side.js";
import { metricTable, sideBySidePage } from "../../src/report/side-by-side/side-by-side-page.js";
import { syntheticOutcome } from "./synthetic-outcome.js";

const monday = syntheticOutcome({ replications: 4 }).outcome.document;
const tuesday = { ...monday, scenario: { ...monday.scenario, hash: "other" } };
const met = { met: 4, of: 4, low: 0.4, high: 1, days: 0.95, proved: false };

/** The same result with policies that meet the SLO, at these costs. */
function withCosts(...costs: readonly number[]) {
  const policies = monday.policies.map((policy, p) => {
    const cost = { mean: costs[p], halfWidth: 1, confidence: 0.95, n: 4 };
    return { ...policy, slo: met, metrics: { ...policy.metrics, cost } };
  });
  return { ...monday, policies };
}

describe("several results side by side", () => {
  it("of one scenario and seed, name the cheapest that meets the SLO", () => {
    const { sentence, isOneScenario } = sideBySide([
      { name: "monday", document: withCosts(10, 9) },
      { name: "tuesday", document: withCosts(12, 8) },
    ]);
    expect(isOneScenario).toBe(true);
    expect(sentence).toContain(
      "tuesday · predictive costs least of those that meet the SLO, by its mean, but its lead",
    );
    expect(sentence).toContain("over monday · hpa, monday · predictive is not shown to exceed the noise.");
  });

  it("name the cheapest without a reserve where its interval lies below all others", () => {
    const { sentence } = sideBySide([
      { name: "monday", document: withCosts(20, 15) },
      { name: "tuesday", document: withCosts(12, 8) },
    ]);
    expect(sentence).toMatch(/tuesday · predictive costs least of those that meet the SLO, by its mean\.$/);
  });

  it("of different scenarios are not ranked, and say so", () => {
    const { sentence, caveats } = sideBySide([
      { name: "monday", document: monday },
      { name: "tuesday", document: tuesday },
    ]);
    expect(sentence).toContain("2 results of different scenarios or seeds stand side by side; none is ranked.");
    expect(sentence).not.toContain("costs least");
    expect(caveats[0]).toContain("The scenarios differ");
  });

  it("have a column each, and a dash where one lacks a metric", () => {
    const [first, second] = monday.policies;
    const { cost: _cost, ...others } = first.metrics;
    const document = { ...monday, policies: [{ ...first, metrics: others }, second] };
    const results = [{ name: "monday", document }];
    const table = metricTable(results, sideBySide(results).sides);
    expect(table.head).toEqual(["metric", "hpa", "predictive"]);
    expect(table.rows.find(([metric]) => metric === "Cost")?.[1]).toBe("–");
  });

  it("make a page whose chart leaves out costs in different money", async () => {
    const euros = { ...withCosts(10, 9), currency: "EUR" };
    const dollars = { ...withCosts(10, 9), currency: "USD" };
    const one = await sideBySidePage([{ name: "a", document: euros }], "0.1.0");
    expect(one).toContain('id="side-by-side"');
    const both = await sideBySidePage(
      [
        { name: "a", document: euros },
        { name: "b", document: dollars },
      ],
      "0.1.0",
    );
    expect(both).not.toContain('id="side-by-side"');
    expect(both).toContain("Their money differs");
    expect(both).toMatch(/EUR<\/td>[\s\S]*USD<\/td>/);
  });
});
