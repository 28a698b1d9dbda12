import { InputError, type InputFault } from "../base/errors.js";
import { formatDuration } from "../base/units.js";
import { loadUserModules } from "../experiment/module-file.js";
import { readScenario } from "../experiment/scenario-file.js";

/** What was found in one file: what it is, or what is wrong with it. */
type Finding = { readonly file: string } & (
  | {
      readonly name: string;
      readonly hash: string;
      readonly seed: number;
      readonly durationMs: number;
      readonly policies: readonly string[];
    }
  | { readonly faults: readonly InputFault[] }
);

/** Checks each file, and reports the faults of all of them before it fails. */
export async function checkScenarios(
  files: readonly string[],
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
): Promise<void> {
  const findings: Finding[] = [];
  for (const file of files) {
    const finding = await check(file);
    findings.push(finding);
    if ("faults" in finding || json || quiet) continue;
    const { durationMs, policies, hash, seed } = finding;
    process.stdout.write(
      `${file}: fine (${formatDuration(durationMs)}, ${policies.join(", ")}, seed ${seed}, hash ${hash})\n`,
    );
  }
  if (json) process.stdout.write(`${JSON.stringify({ files: findings }, null, 2)}\n`);
  const [first, ...others] = findings.flatMap((finding) => ("faults" in finding ? finding.faults : []));
  if (first !== undefined) throw new InputError(first, others);
}

async function check(file: string): Promise<Finding> {
  try {
    const scenario = await readScenario(file);
    await loadUserModules(scenario);
    const { name, hash, seed, durationMs } = scenario;
    return { file, name, hash, seed, durationMs, policies: scenario.policies.map((policy) => policy.name) };
  } catch (error) {
    if (!(error instanceof InputError) || "stillRuns" in error) throw error;
    return { file, faults: [error.fault, ...error.others] };
  }
}
