import { join } from "node:path";
import { askedGrowth, growthOutlook } from "../../src/experiment/plan/growth.js";
import type { PlanDocument } from "../../src/experiment/plan/plan-document.js";
import { readQuestion } from "../../src/experiment/plan/question.js";
import { quickPlan } from "../../src/experiment/plan/quick-plan.js";
import { parseGrowth, parseMonth } from "../../src/experiment/plan/rate.js";
import { size } from "../../src/experiment/plan/size.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { Folder } from "../cli/real-command.js";

const SCENARIO = `name: small
duration: 6h
warmup: 20min
traffic: {source: sinusoid, rate: 30/min, amplitude: 0.8, period: 6h}
streams: {holding: {kind: exponential, mean: 1min}, patience: 10s}
fleet: {regions: [{name: eu, hosts: 9, cpu: 2}], streamlet: {slots: 4, cpu: 1, spawn: 2s}, max: 100}
policies: [{kind: square-root, beta: 3}]
slo: {startLatencyP95: 500ms}
cost: {currency: EUR, hostHour: 0.1}
plan: {variables: {fleet.regions.eu.hosts: {from: 1, to: 12, step: 1}}, prices: {committed: {hostHour: 0.05}}}
`;

/** A sized plan, with what a simulated one would add, and the scenario that it is of. */
export async function madePlan(): Promise<{ readonly plan: PlanDocument; readonly scenario: Scenario }> {
  const folder = new Folder({ "plan.yaml": SCENARIO });
  const question = await readQuestion(join(folder.path, "plan.yaml"));
  folder.dispose();
  const path = "fleet.regions.eu.hosts";
  const [variable] = question.variables;
  const growth = askedGrowth(question, parseGrowth("40%/quarter"), parseMonth("2026-12"));
  const outlook = growthOutlook(question, [{ variable, value: 9 }], size(question.scenario), growth);
  const miss = { bound: "violatingMinutes", share: 0.04, allowed: 0.02, day: 3, world: "" };
  const plan: PlanDocument = {
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
  return { plan, scenario: question.scenario };
}
