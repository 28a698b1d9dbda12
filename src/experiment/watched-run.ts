import type { Scheduler } from "../ports/scheduler.js";
import type { Telemetry } from "../ports/telemetry.js";
import { decisionNames } from "../world/pools.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { SimulatedRun } from "../world/simulate.js";
import { loadUserModules } from "./module-file.js";

/**
 * Runs replication 0 of every policy, each with its own listener, and returns the listeners in the
 * order of the policies.
 */
export async function runWatched<W extends Telemetry>(
  scenario: Scenario,
  watch: (policy: number, pools: readonly string[], scheduler: Scheduler) => W,
): Promise<W[]> {
  const modules = await loadUserModules(scenario);
  const pools = decisionNames(scenario);
  return scenario.policies.map((policy, p) => {
    let watcher: W | undefined;
    const run = new SimulatedRun(scenario, policy, modules, {
      watch: (scheduler) => {
        watcher = watch(p, pools, scheduler);
        return watcher;
      },
    });
    run.advance(scenario.durationMs);
    run.result();
    return watcher as W;
  });
}
