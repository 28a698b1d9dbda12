import { performance } from "node:perf_hooks";
import { InputError } from "../base/errors.js";
import { textOfThrown } from "../control/policy-failure.js";
import type { FitMemory } from "../ports/forecaster.js";
import type { RunResult } from "../world/run-result.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { simulate } from "../world/simulate.js";
import { loadUserModules } from "./module-file.js";
import { modulesOfRun } from "./run-modules.js";
import { StrayErrors } from "./stray-errors.js";
import { SharedWatch } from "./user-code-watch.js";

/** One policy in one replication. `progress[job]` is set to per mille as the run goes. */
export interface RunJob {
  readonly scenario: Scenario;
  readonly policy: number;
  readonly replication: number;
  readonly job: number;
  readonly progress: Int32Array;
  /** The memory in which the watchdog sees whether user code runs (watchMemory). */
  readonly userCode: Int32Array;
}

export interface FinishedRun {
  readonly result: RunResult;
  readonly wallMs: number;
}

/**
 * Runs one job in this thread. `fits`: those of earlier jobs in this thread. Throws InputError
 * for a fault of the user's modules outside a single decision.
 */
export async function runJob(job: RunJob, fits?: FitMemory): Promise<FinishedRun> {
  const modules = modulesOfRun(job.scenario, job.policy);
  if (modules.length === 0) return runWatchedJob(job, fits);
  const stray = new StrayErrors(modules);
  try {
    const run = await runWatchedJob(job, fits);
    await stray.settle(new SharedWatch(job.userCode, job.job));
    return run;
  } finally {
    stray.dispose();
  }
}

async function runWatchedJob(job: RunJob, fits: FitMemory | undefined): Promise<FinishedRun> {
  const watch = new SharedWatch(job.userCode, job.job);
  const policy = job.scenario.policies[job.policy];
  // With other policies' modules loaded, their hang would be blamed on this one.
  const modules = await loadUserModules({ ...job.scenario, policies: [policy] }, watch);
  const began = performance.now();
  const result = simulate(job.scenario, policy, job.replication, modules, {
    onProgress: (share) => Atomics.store(job.progress, job.job, Math.round(share * 1000)),
    ...(fits === undefined ? {} : { fits }),
  });
  checkAfterRun(job, watch);
  const unread = modules.unreadKnobs();
  const named = unread.length === 0 ? result : { ...result, unreadKnobs: unread };
  return { result: named, wallMs: performance.now() - began };
}

/** A balancer is not checked after each pick: the check takes longer than a pick. */
function checkAfterRun({ scenario, policy }: RunJob, watch: SharedWatch): void {
  try {
    watch.checkShared();
  } catch (error) {
    throw new InputError({
      code: "HR1307",
      where: modulesOfRun(scenario, policy).join(" or "),
      got: `a module with a fault: ${textOfThrown(error)}`,
      expected: "one that does not change shared functions",
      remedy: "Keep a function of your own in place of it",
    });
  }
}
