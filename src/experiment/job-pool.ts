import { setMaxListeners } from "node:events";
import { existsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { AssertionError } from "../base/assert.js";
import { InputError } from "../base/errors.js";
import { formatBytes } from "../base/units.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { type FinishedRun, type RunJob, runJob } from "./run-job.js";
import type { JobOutcome } from "./run-worker.js";

const MEMORY_SHARE = 0.75;
const MEBIBYTE = 1_048_576;
/** A run makes little garbage, and lives in few megabytes: V8's own 48 MiB for the young and up to fourfold growth of the old cost 35 MB, and save no time. */
const YOUNG_GENERATION_MIB = 6;
const HEAP_GROWTH_PERCENT = 50;
/** Progress is looked at this often. */
const PROGRESS_PERIOD_MS = 200;
/** One at work and one that waits: each thread finds its next job there, and thousands of jobs are not queued (and listened to) all at once. */
const JOBS_PER_THREAD = 2;

export interface JobPoolOptions {
  /** Worker threads; 0 = everything in this thread, which then hears no signal until a run ends. Default: all cores. */
  readonly threads?: number;
  /** Share of the work that is done, in [0, 1]. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
  /** What all threads together may take; default: three quarters of what the machine (or its container) has. */
  readonly memoryBytes?: number;
}

/** What one job is about; `weight` is its share of the work relative to the others, 1 unless given. */
export interface JobSpec {
  readonly scenario: Scenario;
  readonly policy: number;
  readonly replication: number;
  readonly weight?: number;
}

/**
 * Runs the jobs on all cores and hands each result over as soon as it is there (in any order): what is not kept by `onFinished` is forgotten, so
 * that thousands of runs need no more memory than a few.
 */
export async function runJobs(
  specs: readonly JobSpec[],
  options: JobPoolOptions,
  onFinished: (job: number, run: FinishedRun) => void,
): Promise<void> {
  const progress = new Int32Array(new SharedArrayBuffer(4 * Math.max(1, specs.length)));
  const jobs = specs.map(({ scenario, policy, replication }, job): RunJob => {
    return { scenario, policy, replication, job, progress };
  });
  const threads = Math.min(options.threads ?? availableParallelism(), jobs.length);
  const workerFile = fileURLToPath(new URL("./run-worker.js", import.meta.url));
  const weights = specs.map((spec) => spec.weight ?? 1);
  // From TypeScript sources (tests) there is no worker file to load: then one thread does it all.
  if (threads > 0 && existsSync(workerFile)) {
    await runInThreads(jobs, weights, workerFile, threads, options, onFinished);
  } else {
    await runHere(jobs, weights, options, onFinished);
  }
}

async function runHere(
  jobs: readonly RunJob[],
  weights: readonly number[],
  options: JobPoolOptions,
  onFinished: (job: number, run: FinishedRun) => void,
): Promise<void> {
  for (const job of jobs) {
    options.signal?.throwIfAborted();
    onFinished(job.job, await runJob(job));
    options.onProgress?.(shareDone(jobs, weights));
    // Lets a signal handler in between two runs.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function runInThreads(
  jobs: readonly RunJob[],
  weights: readonly number[],
  workerFile: string,
  threads: number,
  options: JobPoolOptions,
  onFinished: (job: number, run: FinishedRun) => void,
): Promise<void> {
  const { Piscina } = await import("piscina");
  const memoryBytes = (options.memoryBytes ?? MEMORY_SHARE * availableMemoryBytes()) / threads;
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const pool = new Piscina({
    filename: workerFile,
    minThreads: threads,
    maxThreads: threads,
    recordTiming: false,
    resourceLimits: {
      maxOldGenerationSizeMb: Math.floor(memoryBytes / MEBIBYTE),
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB,
    },
  });
  const timer = setInterval(() => options.onProgress?.(shareDone(jobs, weights)), PROGRESS_PERIOD_MS);
  try {
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    // Each job that works or waits for a thread listens for it, which Node would take for a leak from eleven on.
    if (options.signal !== undefined) setMaxListeners(JOBS_PER_THREAD * threads + 1, options.signal);
    let next = 0;
    const feed = async (): Promise<void> => {
      while (next < jobs.length) {
        const job = jobs[next++];
        onFinished(job.job, unwrap((await pool.run(job, signal)) as JobOutcome));
      }
    };
    await Promise.all(Array.from({ length: Math.min(JOBS_PER_THREAD * threads, jobs.length) }, feed));
    options.onProgress?.(1);
  } catch (error) {
    throw isOutOfMemory(error) ? tooMuch(memoryBytes) : error;
  } finally {
    clearInterval(timer);
    await pool.destroy();
  }
}

/** Of the machine, or of the container that we run in where that is less. */
function availableMemoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
}

function tooMuch(memoryBytes: number): InputError {
  return new InputError({
    got: `a run that needs more than the ${formatBytes(memoryBytes)} of memory that each thread has`,
    expected: "a load that fits into memory",
    remedy: "Lower the rate or the holding time, bound gateway.waitingRoom or fleet.max, or run it with --threads 1",
  });
}

function shareDone(jobs: readonly RunJob[], weights: readonly number[]): number {
  let done = 0;
  let all = 0;
  for (const job of jobs) {
    done += (weights[job.job] * Atomics.load(job.progress, job.job)) / 1000;
    all += weights[job.job];
  }
  return done / all;
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
