import type { Scenario } from "./scenario.js";
import type { ScenarioFault } from "./schema/issues.js";
import { type KeyPath, type KeyRule, writtenAt } from "./section.js";
import { sections } from "./sections.js";

/** Keys of the document that have no effect in this scenario, each as a fault. */
export function idleKeys(scenario: Scenario, document: unknown): ScenarioFault[] {
  const faults: ScenarioFault[] = [];
  for (const rule of sections.flatMap((section): readonly KeyRule<Scenario>[] => section.rules)) {
    const { acts, got, expected, remedy } = rule;
    for (const path of writtenPaths(document, rule.path))
      if (!acts(scenario, path, document)) faults.push({ path, atKey: true, code: "HR1215", got, expected, remedy });
  }
  return faults;
}

/**
 * The paths of this document that match a rule's path: "*" is any entry of a list, or any key.
 */
function writtenPaths(document: unknown, path: KeyPath): KeyPath[] {
  let found: KeyPath[] = [[]];
  for (const step of path) {
    found = found.flatMap((start) => {
      if (step !== "*") return writtenAt(document, [...start, step]) === undefined ? [] : [[...start, step]];
      const list = writtenAt(document, start);
      if (Array.isArray(list)) return list.map((_, i) => [...start, i]);
      return list !== null && typeof list === "object" ? Object.keys(list).map((key) => [...start, key]) : [];
    });
  }
  return found;
}
