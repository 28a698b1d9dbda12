import { InputError } from "../base/errors.js";
import { hashText } from "../base/hash.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { decodeScenario, encodeScenario } from "./scenario-codec.js";
import { packageVersion } from "./version.js";

/** Kept in the folder of a simulation: with its seed, each run can be repeated. */
export const SCENARIO_FILE = "scenario.json";

interface Kept {
  readonly version: string;
  /** Of the text of `scenario`, as it was written. */
  readonly checksum: string;
  readonly scenario: Scenario;
}

/**
 * The normalised scenario with its files' contents, the version that wrote it, and a checksum.
 */
export function keptScenario(version: string, scenario: Scenario): string {
  const text = encodeScenario(scenario);
  return `{"version":${JSON.stringify(version)},"checksum":"${hashText(text)}","scenario":${text}}\n`;
}

/**
 * The scenario of a kept text; `file` is its name in messages. A normalised scenario is not
 * validated again, so a text that was changed or written by another version is refused: throws
 * InputError.
 */
export function parseKeptScenario(text: string, file: string): Scenario {
  const kept = decoded(text);
  if (typeof kept?.version !== "string" || typeof kept.checksum !== "string" || typeof kept.scenario !== "object")
    throw new InputError({
      code: "HR1115",
      where: file,
      got: "no scenario, or one of an earlier headrace",
      expected: "what this version's simulate writes there",
      remedy: "Simulate the scenario again",
    });
  if (kept.version !== packageVersion())
    throw new InputError({
      code: "HR1114",
      where: file,
      got: `a result of headrace ${kept.version}`,
      expected: `one of ${packageVersion()}, which is running: another version may decide differently`,
      remedy: `Watch it with headrace ${kept.version}, or simulate it again`,
    });
  if (hashText(encodeScenario(kept.scenario)) !== kept.checksum)
    throw new InputError({
      code: "HR1115",
      where: file,
      got: "a scenario that was changed after simulate had written it",
      expected: "the text that belongs to its checksum",
      remedy: "Change the scenario's own file, and simulate it again",
    });
  return kept.scenario;
}

function decoded(text: string): Partial<Kept> | undefined {
  try {
    return decodeScenario(text) as unknown as Partial<Kept>;
  } catch {
    return undefined;
  }
}
