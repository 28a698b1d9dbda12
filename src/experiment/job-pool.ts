import { availableParallelism } from "node:os";
import type { PolicyFailures } from "../world/recorder/decision-tally.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { isLongRun } from "./expected-events.js";
import type { JobRunner } from "./job-runner.js";
import { JobThreads } from "./job-threads.js";
import type { FinishedRun, RunJob } from "./run-job.js";
import { usefulThreads } from "./useful-threads.js";
import { watchMemory } from "./user-code-watch.js";

/** Progress is looked at this often. */
const PROGRESS_PERIOD_MS = 200;

export interface JobPoolOptions {
  /**
   * Worker threads; 0 = run everything in this thread, which then handles signals only between
   * runs. Default: as many as the jobs keep busy, at most all cores.
   */
  readonly threads?: number;
  /** An open runner to use, which stays open; if left out, threads are opened for these jobs. */
  readonly open?: JobRunner;
  /** Share of the work that is done, in [0, 1]. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
  /**
   * Memory for all threads together; default: three quarters of the machine's (or its
   * container's).
   */
  readonly memoryBytes?: number;
  /** Takes the failures of a user's policy in one run, if there are any. */
  readonly onPolicyFailed?: (policy: string, failures: PolicyFailures) => void;
  /**
   * Called with the fault of a single run; the others continue. If left out, the first fault ends
   * all.
   */
  readonly onFailed?: (job: number, message: string) => void;
}

/** The label of a job; `weight` is its work relative to the others, 1 unless given. */
export interface JobSpec {
  readonly scenario: Scenario;
  readonly policy: number;
  readonly replication: number;
  readonly weight?: number;
}

/**
 * Runs the jobs on all cores and reports each result as soon as it exists, in any order. A result
 * is not kept after `onResult`, so thousands of runs need no more memory than a few.
 */
export async function runJobs(
  specs: readonly JobSpec[],
  options: JobPoolOptions,
  onResult: (job: number, run: FinishedRun) => void,
): Promise<void> {
  const onFinished = (job: number, run: FinishedRun): void => {
    const { scenario, policy } = specs[job];
    const { policyFailures } = run.result;
    if (policyFailures !== undefined) options.onPolicyFailed?.(scenario.policies[policy].name, policyFailures);
    onResult(job, run);
  };
  const progress = new Int32Array(new SharedArrayBuffer(4 * Math.max(1, specs.length)));
  const userCode = watchMemory(specs.length);
  const jobs = specs.map(({ scenario, policy, replication }, job): RunJob => {
    return { scenario, policy, replication, job, progress, userCode };
  });
  const weights = specs.map((spec) => spec.weight ?? 1);
  const runner = options.open ?? (await openFor(specs, options));
  const showProgress = (): void => options.onProgress?.(shareDone(jobs, weights));
  if (runner === undefined) {
    // The engine is loaded only where it runs: the threads have their own.
    const { runInThisThread } = await import("./run-in-this-thread.js");
    return runInThisThread(jobs, options, onFinished, showProgress);
  }
  const timer = setInterval(showProgress, PROGRESS_PERIOD_MS);
  try {
    await runner.run(jobs, options, onFinished);
    options.onProgress?.(1);
  } finally {
    clearInterval(timer);
    if (runner !== options.open) await runner.close();
  }
}

async function openFor(specs: readonly JobSpec[], options: JobPoolOptions): Promise<JobThreads | undefined> {
  const wanted = options.threads ?? Math.min(availableParallelism(), usefulThreads(specs));
  const threads = Math.min(wanted, specs.length);
  const { memoryBytes } = options;
  const heap = specs.some(isLongRun) ? "small" : "ordinary";
  return JobThreads.open({ threads, heap, ...(memoryBytes === undefined ? {} : { memoryBytes }) });
}

function shareDone(jobs: readonly RunJob[], weights: readonly number[]): number {
  let done = 0;
  let all = 0;
  for (const job of jobs) {
    done += (weights[job.job] * Atomics.load(job.progress, job.job)) / 1000;
    all += weights[job.job];
  }
  return done / all;
}
