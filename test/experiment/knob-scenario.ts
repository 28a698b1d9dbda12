import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { readScenario } from "../../src/experiment/scenario-file.js";
import type { PolicySpec } from "../../src/world/scenario/policy-spec.js";

/** Holds the scenario, and what it names. */
export const folder = mkdtempSync(join(tmpdir(), "headrace-knobs-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The policy stands in line 7 and begins in column 5. */
function scenarioWith(policy: string): string {
  const file = join(folder, "scenario.yaml");
  const lines = [
    "name: knobs",
    "duration: 1h",
    "traffic: {source: poisson, rate: 1/s}",
    "streams: {holding: {kind: exponential, mean: 1min}}",
    "fleet: {streamlet: {slots: 8}, max: 50}",
    "policies:",
    `  - ${policy}`,
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

/** A policy as it is read from a scenario. */
export async function read(policy: string): Promise<PolicySpec> {
  return (await readScenario(scenarioWith(policy))).policies[0];
}

/** The message with which a policy is refused, without the folder. */
export async function refusal(policy: string): Promise<string> {
  const error = await read(policy).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw new Error(`"${policy}" was not refused but gave ${error}`);
  return error.message.replaceAll(folder, "");
}
