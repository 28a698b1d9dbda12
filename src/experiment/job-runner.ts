import type { FinishedRun, RunJob } from "./run-job.js";

export interface JobRunnerOptions {
  readonly signal?: AbortSignal;
  /** Takes the fault of a single run, and the others go on; left out, the first fault ends all. */
  readonly onFailed?: (job: number, message: string) => void;
}

/**
 * Who does jobs: threads of this machine, or workers on a queue. Each job alone decides its result,
 * so that all runners give the same bytes.
 */
export interface JobRunner {
  /** Runs the jobs and hands each result over as soon as it is there, in any order. */
  run(
    jobs: readonly RunJob[],
    options: JobRunnerOptions,
    onFinished: (job: number, run: FinishedRun) => void,
  ): Promise<void>;
  close(): Promise<void>;
}
