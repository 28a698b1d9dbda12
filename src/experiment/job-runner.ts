import type { FinishedRun, RunJob } from "./run-job.js";

export interface JobRunnerOptions {
  readonly signal?: AbortSignal;
  /**
   * Called with the fault of a single run; the others continue. If left out, the first fault ends
   * all.
   */
  readonly onFailed?: (job: number, message: string) => void;
}

/**
 * Executes jobs: on threads of this machine, or on workers of a queue. A result depends only on
 * its job, so all runners give the same bytes.
 */
export interface JobRunner {
  /** Runs the jobs and reports each result as soon as it exists, in any order. */
  run(
    jobs: readonly RunJob[],
    options: JobRunnerOptions,
    onFinished: (job: number, run: FinishedRun) => void,
  ): Promise<void>;
  close(): Promise<void>;
}
