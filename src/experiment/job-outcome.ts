import { AssertionError } from "../base/assert.js";
import { InputError } from "../base/errors.js";
import type { FinishedRun } from "./run-job.js";

/** Errors lose their class between threads and machines, so they are sent as data. */
export type JobOutcome =
  | { readonly kind: "finished"; readonly run: FinishedRun }
  | { readonly kind: "input-error"; readonly fault: InputError["fault"] }
  | { readonly kind: "assertion"; readonly message: string };

/** The outcome of a run that threw. An error that is not the run's own is rethrown. */
export function outcomeOfError(error: unknown): JobOutcome {
  if (error instanceof InputError) return { kind: "input-error", fault: error.fault };
  if (error instanceof AssertionError) return { kind: "assertion", message: error.message };
  throw error;
}

/** The run, or its fault as an error again. */
export function unwrap(outcome: JobOutcome): FinishedRun {
  switch (outcome.kind) {
    case "finished":
      return outcome.run;
    case "input-error":
      throw new InputError(outcome.fault);
    case "assertion":
      throw new AssertionError(outcome.message);
  }
}

/** Reports a run's own fault if the caller handles it; other errors propagate. */
export async function settled(
  { onFailed }: { readonly onFailed?: (job: number, message: string) => void },
  job: number,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isOfRun = error instanceof InputError || error instanceof AssertionError;
    if (onFailed === undefined || !isOfRun) throw error;
    onFailed(job, error.message);
  }
}
