import {
  parseScenario as parseChecked,
  readScenario as readChecked,
  type ScenarioChanges,
} from "../experiment/scenario-file.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { checkOptionNames, type OptionNames } from "./work-options.js";

const CHANGES: OptionNames<ScenarioChanges> = {
  seed: true,
  replications: true,
  policies: true,
  trace: true,
  traceScale: true,
  duration: true,
  values: true,
};

/**
 * Reads, checks and normalises a scenario file and all files that it names. Every fault is an
 * InputError with its place; so is an unknown change.
 */
export async function readScenario(file: string, changes: ScenarioChanges = {}): Promise<Scenario> {
  checkOptionNames(changes, Object.keys(CHANGES));
  return readChecked(file, changes);
}

/**
 * The same for a text in memory. `file` is the name in messages; paths in the text are relative to
 * it.
 */
export async function parseScenario(file: string, text: string, changes: ScenarioChanges = {}): Promise<Scenario> {
  checkOptionNames(changes, Object.keys(CHANGES));
  return parseChecked(file, text, changes);
}
