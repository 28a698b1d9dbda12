import { dirname, resolve } from "node:path";
import { InputError } from "../../base/errors.js";
import { readTextFile } from "../../traffic/text-file.js";
import { parseYaml } from "../../traffic/yaml-text.js";
import { expectedArrivals } from "../../world/history.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { readScenario } from "../scenario-file.js";
import { type AttackWorld, type PlainDocument, withAbsolutePaths } from "./attack-world.js";
import type { Goal } from "./goal.js";
import type { MutationFrame } from "./mutate.js";

/** The attacked policy and its scenario. */
export interface AttackBase {
  readonly world: AttackWorld;
  readonly scenario: Scenario;
  readonly frame: MutationFrame;
}

/**
 * Reads the scenario with only two policies: the attacked one, then its baseline. A policy is
 * named by name or kind; a kind that the scenario lacks gets its defaults. Throws InputError for
 * an unreadable scenario, for a policy that is its own baseline, and for a goal that the scenario
 * cannot measure.
 */
export async function readAttackBase(
  file: string,
  policy: string,
  against: string | undefined,
  goal: Goal,
  seed: number | undefined,
): Promise<AttackBase> {
  if (policy === against)
    throw new InputError({
      code: "HR1711",
      where: "--against",
      got: `${against}, which is attacked itself`,
      expected: "another policy",
    });
  const wanted = against === undefined ? [policy] : [policy, against];
  const scenario = await readScenario(file, { policies: wanted, ...(seed === undefined ? {} : { seed }) });
  if (scenario.policies.length !== wanted.length) {
    const names = scenario.policies.map(({ name }) => name).join(", ");
    throw new InputError({
      code: "HR1711",
      where: file,
      got: `several policies for ${wanted.join(" and ")} (${names})`,
      expected: "one each",
      remedy: "Name them by their names",
    });
  }
  if (goal.kind !== "oscillation" && scenario.slo === undefined) {
    throw new InputError({
      code: "HR1712",
      where: file,
      got: "a scenario without slo",
      expected: "an SLO: the service level that the policy should keep",
      remedy: "For example slo: {startLatencyP99: 200ms, abandonedRatio: 0.01}",
    });
  }
  const written = parseYaml(file, await readTextFile(file, "a scenario file (YAML)")).value as PlainDocument;
  const { plan: _, ...document } = withAbsolutePaths(written, dirname(resolve(file)));
  const names = (await readScenario(file)).policies.map(({ name }) => name);
  const policies = scenario.policies.map((one) => writtenPolicy(written, one, names.indexOf(one.name), resolve(file)));
  const meanPerSecond =
    expectedArrivals(scenario.traffic.source, 0, scenario.durationMs) / (scenario.durationMs / 1000);
  return {
    world: { document: { ...document, policies }, shape: undefined },
    scenario,
    frame: { meanPerSecond, longestMs: scenario.durationMs },
  };
}

/**
 * The document's entry of policy number `at`, with its name. The kind alone if the document has
 * no entry (−1).
 */
function writtenPolicy(document: PlainDocument, policy: PolicySpec, at: number, file: string): unknown {
  const entries = Array.isArray(document.policies) ? (document.policies as Readonly<Record<string, unknown>>[]) : [];
  const entry = entries[at] ?? { kind: policy.kind };
  const [absolute] = [withAbsolutePaths(entry, dirname(file))];
  return { ...absolute, name: policy.name };
}
