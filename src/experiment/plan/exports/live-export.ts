import { dirname, isAbsolute, relative, resolve } from "node:path";
import { stringify } from "../../../traffic/yaml.js";
import { parseYaml } from "../../../traffic/yaml-text.js";
import { stepsOf, withValueAt } from "../../scenario-path.js";
import type { Design } from "../day-runs.js";
import type { PlanQuestion } from "../question.js";
import type { ExportFile } from "./export-file.js";

/** Keys whose values are paths of files. */
const FILE_KEYS = ["file", "manifest", "profile"];

/**
 * The scenario with the plan's values and its one policy, for `headrace live` and `headrace
 * simulate`; paths are relative to `folder`.
 */
export function liveExport(question: PlanQuestion, design: Design, folder: string): ExportFile {
  const { file, text } = question;
  let document = parseYaml(file, text).value;
  for (const { variable, value } of design.choice)
    document = withValueAt(document, stepsOf(document, variable.path, variable.path), value);
  const {
    plan: _plan,
    policies,
    ...rest
  } = document as Record<string, unknown> & { readonly policies: readonly unknown[] };
  const chosen = { ...rest, policies: [policies[design.policy]] };
  const moved = movedPaths(chosen, dirname(resolve(file)), resolve(folder));
  const { name } = question.scenario;
  const comment = `# ${name} as planned: headrace live scenario.yaml, or headrace simulate scenario.yaml\n`;
  return { name: "scenario.yaml", text: comment + stringify(moved, { lineWidth: 120 }) };
}

function movedPaths(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((entry) => movedPaths(entry, from, to));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      if (!FILE_KEYS.includes(key) || typeof entry !== "string" || isAbsolute(entry))
        return [key, movedPaths(entry, from, to)];
      return [key, relative(to, resolve(from, entry))];
    }),
  );
}
