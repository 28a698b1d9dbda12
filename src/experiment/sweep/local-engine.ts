import { type JobPoolOptions, runJobs } from "../job-pool.js";
import type { EngineJob, EngineOutcome, SweepEngine } from "./engine.js";
import { recordOf } from "./run-file.js";

/** Runs on the threads of this machine. */
export class LocalEngine implements SweepEngine {
  /** `threads` and `memoryBytes` as in JobPoolOptions. */
  constructor(private readonly limits: Pick<JobPoolOptions, "threads" | "memoryBytes">) {}

  async run(
    jobs: readonly EngineJob[],
    onOutcome: (outcome: EngineOutcome) => Promise<void>,
    options: Pick<JobPoolOptions, "signal" | "onProgress">,
  ): Promise<void> {
    // Outcomes are written one after the other while later runs go on. A fault in writing ends the
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
      await runJobs(jobs, { ...this.limits, ...options, onFailed }, (job, { result }) => {
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
