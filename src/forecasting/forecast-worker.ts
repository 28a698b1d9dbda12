import { InputError } from "../base/errors.js";
import { type ForecastJob, type ForecastJobResult, runForecastJob } from "./forecast-job.js";

/** Errors lose their class on the way between threads: they travel as data. */
export type ForecastJobOutcome =
  | { readonly kind: "finished"; readonly result: ForecastJobResult }
  | { readonly kind: "input-error"; readonly fault: InputError["fault"] };

/** The task of a worker thread. */
export async function work(job: ForecastJob): Promise<ForecastJobOutcome> {
  try {
    return { kind: "finished", result: await runForecastJob(job) };
  } catch (error) {
    if (error instanceof InputError) return { kind: "input-error", fault: error.fault };
    throw error;
  }
}

// Piscina calls the default export of its worker file; this is the one file of this folder that
// needs one.
export { work as default };
