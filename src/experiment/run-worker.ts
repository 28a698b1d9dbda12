import { RecentFits } from "../control/forecast/recent-fits.js";
import { type JobOutcome, outcomeOfError } from "./job-outcome.js";
import { type RunJob, runJob } from "./run-job.js";

/** Jobs of one replication run in turn in a thread, and share their past. */
const fits = new RecentFits();

/** The task of a worker thread. */
export async function work(job: RunJob): Promise<JobOutcome> {
  try {
    return { kind: "finished", run: await runJob(job, fits) };
  } catch (error) {
    return outcomeOfError(error);
  }
}

// Piscina calls the default export of its worker file; this is the one file that needs one.
export { work as default };
