import { InputError } from "../base/errors.js";
import { formatDuration } from "../base/units.js";
import { loadUserModules } from "../experiment/module-file.js";
import { readScenario } from "../experiment/scenario-file.js";

/** Checks each file; says what is wrong with every one of them before it fails. */
export async function checkScenarios(files: readonly string[]): Promise<void> {
  const faults: InputError[] = [];
  for (const file of files) {
    try {
      const scenario = await readScenario(file);
      await loadUserModules(scenario);
      const policies = scenario.policies.map((policy) => policy.name).join(", ");
      process.stdout.write(
        `${file}: fine (${formatDuration(scenario.durationMs)}, ${policies}, hash ${scenario.hash})\n`,
      );
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(error);
    }
  }
  const [first, ...others] = faults;
  if (first !== undefined)
    throw new InputError(first.fault, [...first.others, ...others.flatMap((error) => [error.fault, ...error.others])]);
}
