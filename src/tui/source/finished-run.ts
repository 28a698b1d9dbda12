import type { SteppedRun } from "./stepped-run.js";

/** A run that has ended. It can be read from its start any number of times. */
export interface FinishedRun {
  make(): SteppedRun;
  /** By name, other policies on the same seed; a log has none. */
  readonly others: ReadonlyMap<string, () => SteppedRun>;
  /** Something that must be seen, once it is known; empty = nothing. */
  readonly warning: { readonly text: string };
}

/** The same run under another name. */
export function renamed(make: () => SteppedRun, policy: string): () => SteppedRun {
  return () => {
    const run = make();
    return { ...run, facts: { ...run.facts, policy } };
  };
}
