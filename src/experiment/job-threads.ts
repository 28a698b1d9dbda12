import { setMaxListeners } from "node:events";
import { existsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { AssertionError } from "../base/assert.js";
import { InputError } from "../base/errors.js";
import { formatBytes } from "../base/units.js";
import type { FinishedRun, RunJob } from "./run-job.js";
import type { JobOutcome } from "./run-worker.js";
import { Watchdog } from "./user-code-watch.js";

const MEMORY_SHARE = 0.75;
const MEBIBYTE = 1_048_576;
/**
 * A run makes little garbage, and lives in few megabytes: V8's own 48 MiB for the young and up to
 * fourfold growth of the old cost 35 MB, and save no time.
 */
const YOUNG_GENERATION_MIB = 6;
const HEAP_GROWTH_PERCENT = 50;
/**
 * One at work and one that waits: each thread finds its next job there, and thousands of jobs are
 * not queued (and listened to) all at once.
 */
const JOBS_PER_THREAD = 2;
/** Whether the user's code still runs is looked at this often. */
const WATCH_PERIOD_MS = 200;

export interface JobThreadsOptions {
  /** Worker threads. Default: all cores. */
  readonly threads?: number;
  /**
   * What all threads together may take; default: three quarters of what the machine (or its
   * container) has.
   */
  readonly memoryBytes?: number;
}

/**
 * Worker threads that run jobs, until they are closed. Whoever runs many small batches keeps them
 * open: they take 0.2 s to start.
 */
export class JobThreads {
  private constructor(
    private readonly pool: import("piscina").Piscina,
    private readonly threads: number,
    private readonly memoryBytes: number,
  ) {}

  /**
   * Undefined where there is no worker file to load, as from TypeScript sources (tests), or with 0
   * threads: then one thread does it all.
   */
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
    options: { readonly signal?: AbortSignal; readonly onFailed?: (job: number, message: string) => void },
    onFinished: (job: number, run: FinishedRun) => void,
  ): Promise<void> {
    const { pool, threads } = this;
    const { signal } = options;
    const aborting = signal === undefined ? {} : { signal };
    // Each job that works or waits for a thread listens for it, which Node would take for a leak
    // from eleven on.
    if (signal !== undefined) setMaxListeners(JOBS_PER_THREAD * threads + 1, signal);
    let next = 0;
    const feed = async (): Promise<void> => {
      while (next < jobs.length) {
        const job = jobs[next++];
        const outcome = (await pool.run(job, aborting)) as JobOutcome;
        await settled(options, job.job, async () => onFinished(job.job, unwrap(outcome)));
      }
    };
    const [first] = jobs;
    if (first === undefined) return;
    const watchdog = new Watchdog(first.userCode, (job) => modulesOf(jobs[job]));
    const { promise: hung, stop } = watched(watchdog);
    try {
      const feeds = Array.from({ length: Math.min(JOBS_PER_THREAD * threads, jobs.length) }, feed);
      // The first fault ends the wait; what the others come to then is of no interest.
      for (const one of feeds) one.catch(() => undefined);
      await Promise.race([Promise.all(feeds), hung]);
    } catch (error) {
      if (isOutOfMemory(error)) throw tooMuch(this.memoryBytes);
      // A thread that ended by itself was ended by the user's module, where one was at work.
      throw isOurs(error) ? error : (watchdog.ended() ?? error);
    } finally {
      stop();
    }
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** Hands a run's own fault over where somebody takes it; what is no fault of a run goes on up. */
export async function settled(
  { onFailed }: { readonly onFailed?: (job: number, message: string) => void },
  job: number,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isOfRun = error instanceof InputError || error instanceof AssertionError;
    if (onFailed === undefined || !isOfRun) throw error;
    onFailed(job, error.message);
  }
}

/**
 * A promise that fails with the fault of the first job whose user code does not come back; looked
 * at until `stop`.
 */
function watched(watchdog: Watchdog): { readonly promise: Promise<never>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      const fault = watchdog.overdue(performance.now());
      if (fault !== undefined) reject(fault);
    }, WATCH_PERIOD_MS);
  });
  promise.catch(() => undefined);
  return { promise, stop: () => clearInterval(timer) };
}

function isOurs(error: unknown): boolean {
  if (error instanceof InputError || error instanceof AssertionError) return true;
  return error instanceof Error && (error.name === "AbortError" || error.name === "Interrupted");
}

/** The modules that a job runs: its policy's and the balancer's. */
function modulesOf({ scenario, policy }: RunJob): string {
  const modules = [scenario.policies[policy].module, scenario.balancer.module];
  return modules.filter((module) => module !== undefined).join(" or ");
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
    code: "HR1601",
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
