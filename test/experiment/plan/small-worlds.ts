import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { planScenario } from "../../../src/experiment/plan/plan.js";
import type { PlanDocument } from "../../../src/experiment/plan/plan-document.js";
import { readQuestion } from "../../../src/experiment/plan/question.js";

/** A scenario file with these lines, in a folder that goes with the test; line 1 names it. */
export function scenarioFile(lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "headrace-plan-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "plan.yaml");
  writeFileSync(file, `${["name: small", ...lines].join("\n")}\n`);
  return file;
}

export async function planOf(lines: readonly string[]): Promise<PlanDocument> {
  return planScenario(await readQuestion(scenarioFile(lines)));
}

/**
 * Servers without a waiting room: M/M/k/k. Requests arrive at `load` per minute and stay for a
 * minute.
 */
export function lossWorld(load: number, hours: number, counts: string, target: number): string[] {
  return [
    `duration: ${hours}h`,
    "warmup: 10min",
    "seed: 3",
    `traffic: {source: poisson, rate: ${load}/min}`,
    "streams: {holding: {kind: exponential, mean: 1min}}",
    "fleet: {streamlet: {slots: 1, spawn: 0s}, max: 1000}",
    "gateway: {waitingRoom: 0}",
    "policies: [{kind: static, count: 1}]",
    `slo: {rejectedRatio: ${target}, days: 50%}`,
    "cost: {streamletHour: 1}",
    `plan: {variables: {policies.static.count: ${counts}}}`,
  ];
}
