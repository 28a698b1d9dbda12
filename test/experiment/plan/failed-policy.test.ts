import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { FailureNotes } from "../../../src/experiment/failure-notes.js";
import { planScenario } from "../../../src/experiment/plan/plan.js";
import type { PlanDocument } from "../../../src/experiment/plan/plan-document.js";
import { readQuestion } from "../../../src/experiment/plan/question.js";
import { lossWorld, scenarioFile } from "./small-worlds.js";

const FAILED = /throws FAILED at \d+ of [\d,]+ decisions, .*: boom \(.*throws\.mjs:\d+:\d+\)/;

/** A policy that wants enough, and fails once. */
const MODULE = `export const createPolicy = () => {
  let asked = 0;
  return { decide: ({ pools }) => {
    if (++asked === 3) throw new Error("boom");
    return pools.map(() => ({ desired: 40, reason: "enough" }));
  } };
};
`;

async function planOf(policies: string, variables: string): Promise<{ plan: PlanDocument; notes: FailureNotes }> {
  const lines = lossWorld(4, 1, "[1, 20]", 0.01).map((line) =>
    line.startsWith("policies") ? policies : line.startsWith("plan") ? `plan: {variables: ${variables}}` : line,
  );
  const file = scenarioFile(lines);
  writeFileSync(join(dirname(file), "throws.mjs"), MODULE);
  const notes = new FailureNotes();
  return { plan: await planScenario(await readQuestion(file), { onPolicyFailed: notes.add }), notes };
}

describe("a plan of a policy that fails", () => {
  it("is not feasible, though its days meet the SLO, and says why", async () => {
    const policy = "{kind: ./throws.mjs, name: throws, tick: 1min, min: 40, max: 40}";
    const { plan, notes } = await planOf(`policies: [${policy}]`, "{policies.throws.max: [40, 41]}");
    expect(plan.feasible).toBe(false);
    expect(plan.answer).toMatch(/it fails by decisions at which the policy failed: [\d.]+ %, where 0 % is allowed/);
    expect(plan.answer).toMatch(FAILED);
    expect(notes.text).toMatch(FAILED);
  });

  it("names it where another policy is the answer", async () => {
    const policies = "policies: [{kind: static, count: 1}, {kind: ./throws.mjs, name: throws, tick: 1min, min: 1}]";
    const { plan } = await planOf(policies, "{policies.static.count: [1, 20]}");
    expect([plan.feasible, plan.policy]).toEqual([true, "static"]);
    expect(plan.answer).toMatch(FAILED);
    expect(plan.statements.at(-1)).toMatchObject({ text: expect.stringMatching(FAILED), stamp: "simulated" });
  });
});
