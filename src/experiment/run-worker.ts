import { AssertionError } from "../base/assert.js";
import { InputError } from "../base/errors.js";
import { type FinishedRun, type RunJob, runJob } from "./run-job.js";

/** Errors lose their class on the way between threads: they travel as data. */
export type JobOutcome =
  | { readonly kind: "finished"; readonly run: FinishedRun }
  | { readonly kind: "input-error"; readonly fault: InputError["fault"] }
  | { readonly kind: "assertion"; readonly message: string };

/** The task of a worker thread. */
export async function work(job: RunJob): Promise<JobOutcome> {
  try {
    return { kind: "finished", run: await runJob(job) };
  } catch (error) {
    if (error instanceof InputError) return { kind: "input-error", fault: error.fault };
    if (error instanceof AssertionError) return { kind: "assertion", message: error.message };
    throw error;
  }
}

// Piscina calls the default export of its worker file; this is the one file that needs one.
export { work as default };
