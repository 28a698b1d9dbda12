import type { RunResult } from "../world/run-result.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { type JobPoolOptions, type JobSpec, runJobs } from "./job-pool.js";
import type { ExperimentOutcome } from "./result.js";
import type { FinishedRun } from "./run-job.js";
import { summarise } from "./summarise.js";
import { packageVersion } from "./version.js";

export type ExperimentOptions = JobPoolOptions;

interface ExperimentStats {
  /** Events fired, and wall time of the simulation itself, summed over all runs. */
  readonly events: number;
  readonly wallMs: number;
  readonly peakRssBytes: number;
}

export type FinishedExperiment = ExperimentOutcome & { readonly stats: ExperimentStats };

/** Runs every policy in every replication on all cores, and compares them in pairs. */
export async function runExperiment(scenario: Scenario, options: ExperimentOptions = {}): Promise<FinishedExperiment> {
  const jobs = jobsOf(scenario);
  const finished: FinishedRun[] = [];
  await runJobs(jobs, options, (job, run) => {
    finished[job] = run;
  });
  const runs: RunResult[][] = scenario.policies.map(() => []);
  let events = 0;
  let wallMs = 0;
  finished.forEach((run, i) => {
    runs[jobs[i].policy].push(run.result);
    events += run.result.events;
    wallMs += run.wallMs;
  });
  const stats = { events, wallMs, peakRssBytes: process.resourceUsage().maxRSS * 1024 };
  return { document: summarise(scenario, packageVersion(), runs), runs, stats };
}

function jobsOf(scenario: Scenario): JobSpec[] {
  const jobs: JobSpec[] = [];
  for (let replication = 0; replication < scenario.replications; replication++) {
    for (let policy = 0; policy < scenario.policies.length; policy++) jobs.push({ scenario, policy, replication });
  }
  return jobs;
}
