import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Scenario } from "../world/scenario/scenario.js";

/** The files of the modules that a policy's runs load: its own and the balancer's. */
export function modulesOfRun(scenario: Scenario, policy: number): readonly string[] {
  const modules = [scenario.policies[policy].module, scenario.balancer.module];
  return modules.filter((module) => module !== undefined);
}

/**
 * SHA-256 of a module's own text, as hex; "" if it cannot be read. Its imports are not included.
 */
export async function moduleHash(file: string): Promise<string> {
  const text = await readFile(file).catch(() => undefined);
  return text === undefined ? "" : createHash("sha256").update(text).digest("hex");
}
