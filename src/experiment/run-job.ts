import { performance } from "node:perf_hooks";
import type { RunResult } from "../world/run-result.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { simulate } from "../world/simulate.js";
import { loadUserModules } from "./module-file.js";

/** One policy in one replication. `progress[job]` is set to per mille as the run goes. */
export interface RunJob {
  readonly scenario: Scenario;
  readonly policy: number;
  readonly replication: number;
  readonly job: number;
  readonly progress: Int32Array;
}

export interface FinishedRun {
  readonly result: RunResult;
  readonly wallMs: number;
}

/** Runs one job in this thread. */
export async function runJob(job: RunJob): Promise<FinishedRun> {
  const modules = await loadUserModules(job.scenario);
  const began = performance.now();
  const result = simulate(job.scenario, job.scenario.policies[job.policy], job.replication, modules, (share) => {
    Atomics.store(job.progress, job.job, Math.round(share * 1000));
  });
  return { result, wallMs: performance.now() - began };
}
