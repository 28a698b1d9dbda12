import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { planScenario } from "../../../src/experiment/plan/plan.js";
import type { PlanDocument } from "../../../src/experiment/plan/plan-document.js";
import { readQuestion } from "../../../src/experiment/plan/question.js";
import { parseGrowth, parseMonth } from "../../../src/experiment/plan/rate.js";

async function planOf(name: string, growth?: { readonly text: string; readonly until: string }): Promise<PlanDocument> {
  const file = fileURLToPath(new URL(`../../../scenarios/${name}.yaml`, import.meta.url));
  const options =
    growth === undefined ? {} : { growth: { rate: parseGrowth(growth.text), untilMonth: parseMonth(growth.until) } };
  return planScenario(await readQuestion(file), options);
}

// One of them simulates five hundred days: more than the default time allows on a busy machine.
describe("the questions of planners, each with a scenario that ships", { timeout: 240_000 }, () => {
  it("how many hosts keep p99 below 200 ms next quarter, and when capacity runs out", async () => {
    const plan = await planOf("plan-quarter", { text: "20%/quarter", until: "2026-12" });
    expect(plan.promise.proved).toBe(true);
    const hosts = Number(plan.values["fleet.regions.eu.hosts"]);
    expect(plan.answer).toContain(`${hosts} hosts in eu`);
    const months = plan.growth?.months ?? [];
    expect(months[0]).toEqual({
      month: "2026-01",
      demand: 1,
      needs: [{ path: "fleet.regions.eu.hosts", value: hosts }],
    });
    const april = months.filter(({ month }) => month <= "2026-04").pop()?.needs[0].value ?? 0;
    expect(april).toBeGreaterThan(hosts);
    expect(plan.growth?.runsOut).toMatchObject({ path: "fleet.regions.eu.hosts", most: 12 });
  });

  it("N+1, and what the loss of a region takes", async () => {
    const plan = await planOf("plan-regions");
    expect(plan.survives.every(({ proved }) => proved)).toBe(true);
    const [eu] = plan.whatIf.filter(({ failure }) => failure === "region eu lost");
    expect(eu.met).toBe(0);
    expect(eu.takes?.path).toBe("fleet.regions.us.hosts");
    expect(eu.takes?.value).toBeGreaterThan(Number(plan.values["fleet.regions.us.hosts"]));
    expect(plan.answer).toContain(`that takes ${eu.takes?.value} hosts in us`);
  });

  it("commit or on demand", async () => {
    const { commitment, statements } = await planOf("plan-commitment");
    expect(commitment?.ratio).toBe(0.5);
    const above = (hosts: number): number => commitment?.curve.find((point) => point.hosts === hosts)?.shareAbove ?? 0;
    expect(above(commitment?.level ?? 0)).toBeLessThanOrEqual(0.5);
    expect(above((commitment?.level ?? 0) - 1)).toBeGreaterThan(0.5);
    expect(commitment?.committedPerMonth).toBeLessThan(commitment?.onDemandPerMonth ?? 0);
    expect(statements.some(({ text }) => /commit to \d+ hosts/.test(text))).toBe(true);
  });

  it("which policy, and which knob", async () => {
    const plan = await planOf("plan-policy");
    expect(plan.perPolicy.map(({ policy }) => policy).sort()).toEqual(["fixed fleet", "hpa", "square-root", "static"]);
    expect(plan.perPolicy[0]).toMatchObject({ policy: plan.policy, values: plan.values });
    const costs = plan.perPolicy.map(({ cost }) => cost ?? Number.POSITIVE_INFINITY);
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
  });
});
