import { stringify } from "../../../traffic/yaml.js";
import type { Scenario } from "../../../world/scenario/scenario.js";
import type { Sizing } from "../size.js";

/** A file for the user's own systems. */
export interface ExportFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The inputs of every export: the scenario with the plan's values and its one policy, and its
 * sizes.
 */
export interface ExportSource {
  readonly scenario: Scenario;
  readonly sizing: Sizing;
}

/** Kubernetes objects as one YAML text, with a comment line before the first. */
export function manifestText(comment: string, objects: readonly object[]): string {
  return `# ${comment}\n${objects.map((object) => stringify(object, { lineWidth: 120 })).join("---\n")}`;
}

export function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
