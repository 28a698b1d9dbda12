import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { AssertionError } from "../base/assert.js";
import { InputError } from "../base/errors.js";
import type { RunResult } from "../world/run-result.js";
import type { Scenario } from "../world/scenario/scenario.js";
import type { ExperimentOutcome } from "./result.js";
import { type FinishedRun, type RunJob, runJob } from "./run-job.js";
import type { JobOutcome } from "./run-worker.js";
import { summarise } from "./summarise.js";
import { packageVersion } from "./version.js";

/** Progress is looked at this often. */
const PROGRESS_PERIOD_MS = 200;

export interface ExperimentOptions {
  /** Worker threads; 0 = everything in this thread, which then hears no signal until a run ends. Default: all cores. */
  readonly threads?: number;
  /** Share of the work that is done, in [0, 1]. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

export interface ExperimentStats {
  /** Events fired, and wall time of the simulation itself, summed over all runs. */
  readonly events: number;
  readonly wallMs: number;
  readonly peakRssBytes: number;
}

export type FinishedExperiment = ExperimentOutcome & { readonly stats: ExperimentStats };

/** Runs every policy in every replication on all cores, and compares them in pairs. */
export async function runExperiment(scenario: Scenario, options: ExperimentOptions = {}): Promise<FinishedExperiment> {
  const jobs = jobsOf(scenario);
  const threads = Math.min(options.threads ?? availableParallelism(), jobs.length);
  const workerFile = fileURLToPath(new URL("./run-worker.js", import.meta.url));
  // From TypeScript sources (tests) there is no worker file to load: then one thread does it all.
  const inThreads = threads > 0 && existsSync(workerFile);
  const finished = inThreads ? await runInThreads(jobs, workerFile, threads, options) : await runHere(jobs, options);
  const runs: RunResult[][] = scenario.policies.map(() => []);
  let events = 0;
  let wallMs = 0;
  finished.forEach((run, i) => {
    runs[jobs[i].policy].push(run.result);
    events += run.result.events;
    wallMs += run.wallMs;
  });
  const stats = { events, wallMs, peakRssBytes: process.resourceUsage().maxRSS * 1024 };
  return { document: summarise(scenario, packageVersion(), runs), runs, stats };
}

function jobsOf(scenario: Scenario): RunJob[] {
  const count = scenario.policies.length * scenario.replications;
  const progress = new Int32Array(new SharedArrayBuffer(4 * count));
  const jobs: RunJob[] = [];
  for (let replication = 0; replication < scenario.replications; replication++) {
    for (let policy = 0; policy < scenario.policies.length; policy++) {
      jobs.push({ scenario, policy, replication, job: jobs.length, progress });
    }
  }
  return jobs;
}

async function runHere(jobs: readonly RunJob[], options: ExperimentOptions): Promise<FinishedRun[]> {
  const finished: FinishedRun[] = [];
  for (const job of jobs) {
    options.signal?.throwIfAborted();
    finished.push(await runJob(job));
    options.onProgress?.(finished.length / jobs.length);
    // Lets a signal handler in between two runs.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return finished;
}

async function runInThreads(
  jobs: readonly RunJob[],
  workerFile: string,
  threads: number,
  options: ExperimentOptions,
): Promise<FinishedRun[]> {
  const { Piscina } = await import("piscina");
  const pool = new Piscina({ filename: workerFile, minThreads: threads, maxThreads: threads, recordTiming: false });
  const timer = setInterval(() => options.onProgress?.(progressOf(jobs)), PROGRESS_PERIOD_MS);
  try {
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    return await Promise.all(jobs.map(async (job) => unwrap((await pool.run(job, signal)) as JobOutcome)));
  } finally {
    clearInterval(timer);
    await pool.destroy();
  }
}

function progressOf(jobs: readonly RunJob[]): number {
  let sum = 0;
  for (const job of jobs) sum += Atomics.load(job.progress, job.job);
  return sum / 1000 / jobs.length;
}

function unwrap(outcome: JobOutcome): FinishedRun {
  switch (outcome.kind) {
    case "finished":
      return outcome.run;
    case "input-error":
      throw new InputError(outcome.fault);
    case "assertion":
      throw new AssertionError(outcome.message);
  }
}
