import type { Scenario } from "../../world/scenario/scenario.js";
import type { JobPoolOptions } from "../job-pool.js";
import type { RunRecord } from "./run-file.js";

/** One run as an engine does it. */
export interface EngineJob {
  readonly key: string;
  readonly scenario: Scenario;
  readonly policy: number;
  readonly replication: number;
}

export type EngineOutcome =
  | { readonly kind: "done"; readonly record: RunRecord }
  | { readonly kind: "failed"; readonly key: string; readonly message: string };

/**
 * Executes runs and reports each outcome as it comes, in any order. The bytes of a record depend on
 * its job alone, so all engines give the same files. Rejects if the engine cannot continue (no
 * Redis, out of memory, interrupted); outcomes reported until then remain.
 */
export interface SweepEngine {
  run(
    jobs: readonly EngineJob[],
    onOutcome: (outcome: EngineOutcome) => Promise<void>,
    options: Pick<JobPoolOptions, "signal" | "onProgress">,
  ): Promise<void>;
}
