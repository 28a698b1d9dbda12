import { describe, expect, it } from "vitest";
import { growthOutlook, growthWish } from "../../src/experiment/plan/growth.js";
import type { PlanDocument } from "../../src/experiment/plan/plan-document.js";
import { readQuestion } from "../../src/experiment/plan/question.js";
import { quickPlan } from "../../src/experiment/plan/quick-plan.js";
import { parseGrowth, parseMonth } from "../../src/experiment/plan/rate.js";
import { size } from "../../src/experiment/plan/size.js";
import { compileSpec } from "../../src/report/chart.js";
import {
  planDurationChart,
  planFrontierChart,
  planGrowthChart,
  planSensitivityChart,
} from "../../src/report/plan-charts.js";
import { scenarioFile } from "../experiment/plan/small-worlds.js";

/** A sized plan, with what a simulated one would add. */
async function madePlan(): Promise<PlanDocument> {
  const question = await readQuestion(
    scenarioFile([
      "duration: 6h",
      "warmup: 20min",
      "traffic: {source: sinusoid, rate: 30/min, amplitude: 0.8, period: 6h}",
      "streams: {holding: {kind: exponential, mean: 1min}, patience: 10s}",
      "fleet: {regions: [{name: eu, hosts: 9, cpu: 2}], streamlet: {slots: 4, cpu: 1, spawn: 2s}, max: 100}",
      "policies: [{kind: square-root, beta: 3}]",
      "slo: {startLatencyP95: 500ms}",
      "cost: {currency: EUR, hostHour: 0.1}",
      "plan: {variables: {fleet.regions.eu.hosts: {from: 1, to: 12, step: 1}}, prices: {committed: {hostHour: 0.05}}}",
    ]),
  );
  const path = "fleet.regions.eu.hosts";
  const [variable] = question.variables;
  const growth = growthWish(question, parseGrowth("40%/quarter"), parseMonth("2026-12"));
  const outlook = growthOutlook(question, [{ variable, value: 9 }], size(question.scenario), growth);
  const miss = { bound: "violatingMinutes", share: 0.04, allowed: 0.02, day: 3, world: "" };
  return {
    ...quickPlan(question),
    feasible: true,
    values: { [path]: 9 },
    cost: { mean: 5, halfWidth: 0.1, currency: "EUR", perMonth: { mean: 650, halfWidth: 2 } },
    nextCheaper: [{ values: { [path]: 8 }, saves: 0.1, misses: [miss] }],
    alternatives: [
      {
        policy: "square-root",
        values: { [path]: 10 },
        cost: 5.5,
        perMonth: 720,
        days: 1,
        status: "dearer",
        misses: [],
      },
      {
        policy: "square-root",
        values: { [path]: 8 },
        cost: 4.4,
        perMonth: 580,
        days: 1,
        status: "misses",
        misses: [miss],
      },
    ],
    growth: { ...outlook, months: outlook.months.map((one) => ({ ...one, needs: [...one.needs] })) },
  };
}

function valuesIn(spec: object): Record<string, unknown>[] {
  return [...JSON.stringify(spec).matchAll(/"values":(\[[^\]]*\])/g)].flatMap(([, list]) => JSON.parse(list));
}

describe("the charts of a plan", () => {
  it("compile, and are left out where there is nothing to draw", async () => {
    const plan = await madePlan();
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
    const chart = planFrontierChart(await madePlan());
    const points = valuesIn(chart?.spec ?? {}).filter(({ kind }) => kind !== undefined);
    expect(points).toEqual([
      { kind: "not ruled out, no cheaper", design: "square-root: eu.hosts 10", cost: 720, excess: 1 },
      { kind: "misses a day", design: "square-root: eu.hosts 8", cost: 585, excess: 2 },
      { kind: "the answer", design: "square-root: eu.hosts 9", cost: 650, excess: 1 },
    ]);
  });

  it("draw the year ahead up to its last month, with the most that may be chosen", async () => {
    const values = valuesIn(planGrowthChart(await madePlan())?.spec ?? {});
    const needs = values.filter(({ need }) => need !== undefined);
    expect(needs[0]).toMatchObject({ month: Date.UTC(2026, 0, 1), need: 9 });
    expect(needs[needs.length - 1].month).toBe(Date.UTC(2026, 11, 1));
    expect(Number(needs[needs.length - 1].need)).toBeGreaterThan(12);
    expect(values.filter(({ most }) => most !== undefined)).toEqual([{ path: "fleet.regions.eu.hosts", most: 12 }]);
  });
});
