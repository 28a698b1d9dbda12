import { runExperiment } from "../experiment/experiment.js";
import type { ResultDocument } from "../experiment/result.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { checkWork, SHARED_WORK_OPTIONS, type SharedWorkOptions } from "./work-options.js";

/**
 * Runs every policy of a scenario in every replication and compares them in pairs, as `headrace
 * simulate --json` does. `metricFacts` and schema/result.schema.json name the units of the
 * metrics: latencies in ms, ratios from 0 to 1, times in hours, violations in minutes. Throws
 * InputError if a policy of the scenario cannot be loaded, or an option is unknown or out of
 * range.
 */
export async function simulate(scenario: Scenario, options: SharedWorkOptions = {}): Promise<ResultDocument> {
  checkWork(options, SHARED_WORK_OPTIONS);
  options.signal?.throwIfAborted();
  const { document } = await runExperiment(scenario, options);
  return document;
}
