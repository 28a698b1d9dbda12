import { describe, expect, it } from "vitest";
import { compileSpec } from "../../src/report/chart.js";
import { planDurationChart, planGrowthChart, planSensitivityChart } from "../../src/report/plan-charts.js";
import { planFrontierChart } from "../../src/report/plan-frontier-chart.js";
import { madePlan } from "./made-plan.js";

function valuesIn(spec: object): Record<string, unknown>[] {
  return [...JSON.stringify(spec).matchAll(/"values":(\[[^\]]*\])/g)].flatMap(([, list]) => JSON.parse(list));
}

describe("the charts of a plan", () => {
  it("compile, and are left out where there is nothing to draw", async () => {
    const { plan } = await madePlan();
    for (const draw of [planFrontierChart, planSensitivityChart, planDurationChart, planGrowthChart]) {
      const chart = draw(plan);
      if (chart === undefined) throw new Error(`${draw.name} drew nothing`);
      expect(() => compileSpec(chart.name, chart.spec)).not.toThrow();
      const drawn = valuesIn(chart.spec).flatMap((row) => Object.values(row));
      expect(drawn.length).toBeGreaterThan(0);
      expect(drawn).not.toContain(null);
    }
    const { commitment: _c, growth: _g, ...bare } = plan;
    expect(planDurationChart(bare)).toBeUndefined();
    expect(planGrowthChart(bare)).toBeUndefined();
    expect(planFrontierChart({ ...bare, feasible: null })).toBeUndefined();
  });

  it("show each design once: the answer on the line, those that miss a day above it", async () => {
    const chart = planFrontierChart((await madePlan()).plan);
    const points = valuesIn(chart?.spec ?? {}).filter(({ kind }) => kind !== undefined);
    expect(points).toEqual([
      { kind: "not ruled out, no cheaper", design: "square-root: eu.hosts 10", cost: 720, excess: 1 },
      { kind: "misses a day", design: "square-root: eu.hosts 8", cost: 585, excess: 2 },
      { kind: "the answer", design: "square-root: eu.hosts 9", cost: 650, excess: 1 },
    ]);
  });

  it("draw the year ahead up to its last month, with the most that may be chosen", async () => {
    const values = valuesIn(planGrowthChart((await madePlan()).plan)?.spec ?? {});
    const needs = values.filter(({ need }) => need !== undefined);
    expect(needs[0]).toMatchObject({ month: Date.UTC(2026, 0, 1), need: 9 });
    expect(needs[needs.length - 1].month).toBe(Date.UTC(2026, 11, 1));
    expect(Number(needs[needs.length - 1].need)).toBeGreaterThan(12);
    expect(values.filter(({ most }) => most !== undefined)).toEqual([{ path: "fleet.regions.eu.hosts", most: 12 }]);
  });
});
