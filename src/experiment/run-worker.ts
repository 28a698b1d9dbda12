import { type JobOutcome, outcomeOfError } from "./job-outcome.js";
import { type RunJob, runJob } from "./run-job.js";

/** The task of a worker thread. */
export async function work(job: RunJob): Promise<JobOutcome> {
  try {
    return { kind: "finished", run: await runJob(job) };
  } catch (error) {
    return outcomeOfError(error);
  }
}

// Piscina calls the default export of its worker file; this is the one file that needs one.
export { work as default };
