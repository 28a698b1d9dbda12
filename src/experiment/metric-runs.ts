import type { PolicySpec } from "../world/scenario/policy-spec.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { type JobPoolOptions, runJobs } from "./job-pool.js";
import type { KeptRun, RunStore } from "./run-store.js";

/** One policy in one world in one replication; only its metrics are needed. */
export interface MetricRun {
  readonly scenario: Scenario;
  readonly policy: PolicySpec;
  readonly replication: number;
}

export interface MetricRunOptions extends JobPoolOptions {
  /** Where finished runs are kept, and found again. */
  readonly store?: RunStore;
}

/**
 * Runs what the store lacks, on all cores, and stores each run as it finishes. Results are in the
 * order of `runs`.
 */
export async function runMetrics(runs: readonly MetricRun[], options: MetricRunOptions = {}): Promise<KeptRun[]> {
  const { store, onProgress, ...pool } = options;
  const keys = runs.map((run) => store?.key(run.scenario, run.policy, run.replication));
  const results = keys.map((key) => store?.find(key));
  const open = runs.map((_, i) => i).filter((i) => results[i] === undefined);
  const known = runs.length - open.length;
  const specs = open.map((i) => {
    const { scenario, policy, replication } = runs[i];
    return { scenario: { ...scenario, policies: [policy] }, policy: 0, replication };
  });
  const progress = (share: number): void => onProgress?.((known + share * open.length) / runs.length);
  await runJobs(specs, { ...pool, onProgress: progress }, (job, { result, wallMs }) => {
    const i = open[job];
    const { sums, metrics, slo, events, policyFailures: failed } = result;
    const failure = failed === undefined ? {} : { failedDecisions: failed.count / failed.asked };
    const kept = { sums, metrics, ...(slo === undefined ? {} : { slo }), ...failure, events, wallMs };
    const { scenario, policy, replication } = runs[i];
    const label = { scenario: scenario.name, seed: scenario.seed, policy: policy.name, replication };
    store?.add(keys[i], kept, label);
    results[i] = kept;
  });
  return results as KeptRun[];
}
