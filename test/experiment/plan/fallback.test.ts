import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { planScenario } from "../../../src/experiment/plan/plan.js";
import { readQuestion } from "../../../src/experiment/plan/question.js";
import { scenarioFile } from "./small-worlds.js";

/**
 * A user's policy whose knob has the name of an ordered one: more headroom is safer up to 5; from
 * 6 on it starts no streamlet at all.
 */
const POLICY = `export function createPolicy(knobs, context) {
  const count = knobs.headroom > 5 ? 0 : knobs.headroom * 3;
  return { decide: () => context.pools.map(() => ({ desired: count, reason: "fixed" })) };
}
`;

async function planWith(policies: string, variables: string) {
  const file = scenarioFile([
    "duration: 80min",
    "warmup: 20min",
    "traffic: {source: poisson, rate: 5/min}",
    "streams: {holding: {kind: exponential, mean: 1min}}",
    "fleet: {streamlet: {slots: 1, spawn: 0s}, max: 60}",
    "gateway: {waitingRoom: 0}",
    `policies: ${policies}`,
    "slo: {rejectedRatio: 0.1, days: 60%}",
    "cost: {streamletHour: 1}",
    `plan: {variables: ${variables}}`,
  ]);
  writeFileSync(join(dirname(file), "odd.mjs"), POLICY);
  return planScenario(await readQuestion(file));
}

const odd = "{kind: ./odd.mjs, headroom: 1, tick: 1min}";

describe("a knob that is ordered by its name, and in truth is not", () => {
  it("is taken one value at a time, since the safest value misses a day that a lower one meets", async () => {
    const plan = await planWith(`[${odd}]`, "{policies.0.headroom: [1, 2, 3, 4, 5, 6, 7, 8]}");
    expect(plan.variables[0].order).toBe("rising");
    expect(plan.fallback).toEqual([
      { path: "policies.0.headroom", reason: "a lower value meets a day that 8 misses, against its order" },
    ]);
    expect(plan.feasible).toBe(true);
    expect(plan.values["policies.0.headroom"]).toBe(3);
    expect(plan.statements.map(({ text }) => text)).toContain(
      "policies.0.headroom: a lower value meets a day that 8 misses, " +
        "against its order, so that each of its values was judged by itself.",
    );
  });

  it("is found out beside a policy that meets the SLO at a higher cost", async () => {
    const variables = "{policies.0.headroom: [1, 2, 3, 4, 5, 6, 7, 8], policies.1.count: [20, 30]}";
    const plan = await planWith(`[${odd}, {kind: static, count: 20}]`, variables);
    expect(plan.fallback.map(({ path }) => path)).toEqual(["policies.0.headroom"]);
    expect(plan.values).toEqual({ "policies.0.headroom": 3 });
  });
});
