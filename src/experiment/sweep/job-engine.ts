import type { Scenario } from "../../world/scenario/scenario.js";
import { type JobPoolOptions, runJobs } from "../job-pool.js";
import { type RunRecord, recordOf } from "./run-file.js";

/** One run of a sweep. */
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
 * Executes the runs of a sweep on threads or on a queue, and reports each outcome as it arrives,
 * in any order. The bytes of a record depend on its job alone, so all engines give the same
 * files.
 */
export class JobEngine {
  /** `threads`, `memoryBytes` and `open` as in JobPoolOptions. */
  constructor(private readonly pool: Pick<JobPoolOptions, "threads" | "memoryBytes" | "open" | "onPolicyFailed">) {}

  /**
   * Rejects where the engine itself cannot go on (no Redis, out of memory, interrupted); what was
   * handed over until then stays.
   */ async run(
    jobs: readonly EngineJob[],
    onOutcome: (outcome: EngineOutcome) => Promise<void>,
    options: Pick<JobPoolOptions, "signal" | "onProgress">,
  ): Promise<void> {
    // Outcomes are written one after the other while later runs continue; a write fault ends the
    // sweep.
    let written = Promise.resolve();
    let fault: unknown;
    const hand = (outcome: EngineOutcome): void => {
      written = written
        .then(() => (fault === undefined ? onOutcome(outcome) : undefined))
        .catch((error: unknown) => {
          fault ??= error;
        });
      if (fault !== undefined) throw fault;
    };
    const onFailed = (job: number, message: string): void => hand({ kind: "failed", key: jobs[job].key, message });
    try {
      await runJobs(jobs, { ...this.pool, ...options, onFailed }, (job, { result }) => {
        const { key, scenario, policy } = jobs[job];
        const { kind } = scenario.policies[policy];
        hand({ kind: "done", record: recordOf(key, kind, scenario.seed, result) });
      });
    } finally {
      await written;
    }
    if (fault !== undefined) throw fault;
  }
}
