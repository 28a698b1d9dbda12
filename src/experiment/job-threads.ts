import { setMaxListeners } from "node:events";
import { existsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { AssertionError } from "../base/assert.js";
import { InputError } from "../base/errors.js";
import { formatBytes } from "../base/units.js";
import type { FinishedRun, RunJob } from "./run-job.js";
import type { JobOutcome } from "./run-worker.js";

const MEMORY_SHARE = 0.75;
const MEBIBYTE = 1_048_576;
/** A run makes little garbage, and lives in few megabytes: V8's own 48 MiB for the young and up to fourfold growth of the old cost 35 MB, and save no time. */
const YOUNG_GENERATION_MIB = 6;
const HEAP_GROWTH_PERCENT = 50;
/** One at work and one that waits: each thread finds its next job there, and thousands of jobs are not queued (and listened to) all at once. */
const JOBS_PER_THREAD = 2;

export interface JobThreadsOptions {
  /** Worker threads. Default: all cores. */
  readonly threads?: number;
  /** What all threads together may take; default: three quarters of what the machine (or its container) has. */
  readonly memoryBytes?: number;
}

/** Worker threads that run jobs, until they are closed. Whoever runs many small batches keeps them open: they take 0.2 s to start. */
export class JobThreads {
  private constructor(
    private readonly pool: import("piscina").Piscina,
    private readonly threads: number,
    private readonly memoryBytes: number,
  ) {}

  /** Undefined where there is no worker file to load, as from TypeScript sources (tests), or with 0 threads: then one thread does it all. */
  static async open(options: JobThreadsOptions): Promise<JobThreads | undefined> {
    const threads = options.threads ?? availableParallelism();
    const workerFile = fileURLToPath(new URL("./run-worker.js", import.meta.url));
    if (threads === 0 || !existsSync(workerFile)) return undefined;
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
    return new JobThreads(pool, threads, memoryBytes);
  }

  /** Runs the jobs and hands each result over as soon as it is there, in any order. */
  async run(
    jobs: readonly RunJob[],
    signal: AbortSignal | undefined,
    onFinished: (job: number, run: FinishedRun) => void,
  ): Promise<void> {
    const { pool, threads } = this;
    const aborting = signal === undefined ? {} : { signal };
    // Each job that works or waits for a thread listens for it, which Node would take for a leak from eleven on.
    if (signal !== undefined) setMaxListeners(JOBS_PER_THREAD * threads + 1, signal);
    let next = 0;
    const feed = async (): Promise<void> => {
      while (next < jobs.length) {
        const job = jobs[next++];
        onFinished(job.job, unwrap((await pool.run(job, aborting)) as JobOutcome));
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(JOBS_PER_THREAD * threads, jobs.length) }, feed));
    } catch (error) {
      throw isOutOfMemory(error) ? tooMuch(this.memoryBytes) : error;
    }
  }

  async close(): Promise<void> {
    await this.pool.destroy();
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
