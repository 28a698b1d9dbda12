import { RecentFits } from "../control/forecast/recent-fits.js";
import { settled } from "./job-outcome.js";
import type { JobRunnerOptions } from "./job-runner.js";
import { type FinishedRun, type RunJob, runJob } from "./run-job.js";

/**
 * Runs the jobs one after another in this thread, which handles signals only between runs.
 * `onRun` is called after each.
 */
export async function runInThisThread(
  jobs: readonly RunJob[],
  options: JobRunnerOptions,
  onFinished: (job: number, run: FinishedRun) => void,
  onRun: () => void,
): Promise<void> {
  const fits = new RecentFits();
  for (const job of jobs) {
    options.signal?.throwIfAborted();
    await settled(options, job.job, async () => onFinished(job.job, await runJob(job, fits)));
    onRun();
    // Lets a signal handler in between two runs.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
