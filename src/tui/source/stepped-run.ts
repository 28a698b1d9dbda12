import type { RunFacts } from "../../world/watch/run-facts.js";
import type { Sample } from "../../world/watch/sample.js";

/** A run that advances only when driven: a simulation, or the replay of a log. */
export interface SteppedRun {
  readonly facts: RunFacts;
  /** Runs to an instant, at full speed. Time never goes back. */
  runTo(atMs: number): void;
  sample(): Sample;
  /** A sentence on the failures of the user's policy so far; "" if there are none. */
  failure?(): string;
}
