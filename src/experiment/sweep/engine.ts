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
 * Does runs and hands each outcome over as it comes, in any order. The bytes of a record depend on its job alone, so that all engines give the same
 * files. Rejects where the engine itself cannot go on (no Redis, out of memory, interrupted); what was handed over until then stays.
 */
export interface SweepEngine {
  run(
    jobs: readonly EngineJob[],
    onOutcome: (outcome: EngineOutcome) => Promise<void>,
    options: Pick<JobPoolOptions, "signal" | "onProgress">,
  ): Promise<void>;
}
