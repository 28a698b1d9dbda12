import { existsSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { AssertionError } from "../base/assert.js";
import { InputError } from "../base/errors.js";
import { formatBytes } from "../base/units.js";
import { JobOrder } from "./job-order.js";
import { type JobOutcome, settled, unwrap } from "./job-outcome.js";
import type { JobRunner, JobRunnerOptions } from "./job-runner.js";
import type { FinishedRun, RunJob } from "./run-job.js";
import { modulesOfRun } from "./run-modules.js";
import { Watchdog, watchMemory } from "./user-code-watch.js";

const MEMORY_SHARE = 0.75;
const MEBIBYTE = 1_048_576;
/**
 * V8's default, up to fourfold growth of the old space after a collection, costs 35 MB and saves
 * no time.
 */
const HEAP_GROWTH_PERCENT = 50;
/**
 * V8's settings for the threads.
 *
 * Ordinary runs: young objects get two halves that grow from 1 to 8 MB (`youngMib` counts three
 * halves). With 1 MB, a day is collected 140 times instead of 15, and the evening peak takes 5 %
 * longer. With 16 MB it takes 1 % less and 45 MB more. The setting holds for the whole process.
 *
 * Long runs take little memory instead: the halves stay at 1 MB, and after a collection the old
 * space grows by 2 MB at least, not by 8. A run of 10⁸ events then peaks at 97 MB instead of 102.
 * Runs of a day, which each leave a world as garbage, would take 2 to 5 % more time.
 */
const HEAP_SETTINGS = {
  ordinary: { flags: ["--no-optimize-for-size", "--semi-space-growth-factor=2"], youngMib: 24 },
  small: { flags: ["--optimize-for-size", "--semi-space-growth-factor=1"], youngMib: 6 },
};
/**
 * Jobs per thread in the pool: one that runs and one that waits, instead of thousands at once.
 */
const JOBS_PER_THREAD = 2;
/** Whether the user's code still runs is looked at this often. */
const WATCH_PERIOD_MS = 200;

export interface JobThreadsOptions {
  /** Worker threads. Default: all cores. */
  readonly threads?: number;
  /**
   * Memory for all threads together; default: three quarters of the machine's (or its
   * container's).
   */
  readonly memoryBytes?: number;
  /** "small" saves memory in long runs. Default: "ordinary". */
  readonly heap?: keyof typeof HEAP_SETTINGS;
}

/**
 * Worker threads that run jobs, until they are closed. A caller with many small batches keeps them
 * open: they take 0.2 s to start. A thread whose user code hangs is ended and replaced; that job
 * fails with the module's name.
 */
export class JobThreads implements JobRunner {
  private constructor(
    private readonly pool: import("piscina").Piscina,
    private readonly threads: number,
    private readonly memoryBytes: number,
  ) {}

  /**
   * Undefined if there is no worker file to load (TypeScript sources in tests), or with 0
   * threads: one thread then runs all jobs.
   */
  static async open(options: JobThreadsOptions): Promise<JobThreads | undefined> {
    const threads = options.threads ?? availableParallelism();
    const workerFile = fileURLToPath(new URL("./run-worker.js", import.meta.url));
    if (threads === 0 || !existsSync(workerFile)) return undefined;
    const { Piscina } = await import("piscina");
    const memoryBytes = (options.memoryBytes ?? MEMORY_SHARE * availableMemoryBytes()) / threads;
    const { flags, youngMib } = HEAP_SETTINGS[options.heap ?? "ordinary"];
    for (const flag of [`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`, ...flags]) setFlagsFromString(flag);
    const pool = new Piscina({
      filename: workerFile,
      minThreads: threads,
      maxThreads: threads,
      recordTiming: false,
      resourceLimits: {
        maxOldGenerationSizeMb: Math.floor(memoryBytes / MEBIBYTE),
        maxYoungGenerationSizeMb: youngMib,
      },
    });
    pool.on("error", throwUnlessLate);
    return new JobThreads(pool, threads, memoryBytes);
  }

  async run(
    jobs: readonly RunJob[],
    options: JobRunnerOptions,
    onFinished: (job: number, run: FinishedRun) => void,
  ): Promise<void> {
    const batch = new ThreadBatch(this.pool, jobs, this.memoryBytes);
    const { signal } = options;
    const abort = (): void => batch.stop();
    signal?.throwIfAborted();
    signal?.addEventListener("abort", abort);
    try {
      await batch.run(JOBS_PER_THREAD * this.threads, options, onFinished);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** Jobs that one call of `run` has under way. */
class ThreadBatch {
  private readonly watchdog: Watchdog;
  /** Ends the thread of a job that works. */
  private readonly ends = new Map<number, AbortController>();
  private readonly hung = new Map<number, InputError>();
  private readonly order: JobOrder;

  constructor(
    private readonly pool: import("piscina").Piscina,
    private readonly jobs: readonly RunJob[],
    private readonly memoryBytes: number,
  ) {
    this.order = new JobOrder(jobs);
    this.watchdog = new Watchdog(jobs[0]?.userCode ?? watchMemory(0), (job) => modulesOf(jobs[job]));
  }

  async run(
    atOnce: number,
    options: JobRunnerOptions,
    onFinished: (job: number, run: FinishedRun) => void,
  ): Promise<void> {
    const feed = async (): Promise<void> => {
      for (let job = this.order.take(); job !== undefined; job = this.order.take()) {
        await settled(options, job.job, () => this.finish(job, onFinished));
      }
    };
    const timer = setInterval(() => this.endHungThreads(), WATCH_PERIOD_MS);
    try {
      const feeds = Array.from({ length: Math.min(atOnce, this.jobs.length) }, feed);
      // The first fault ends the wait. Later ones are ignored.
      for (const one of feeds) one.catch(() => undefined);
      await Promise.all(feeds);
    } finally {
      clearInterval(timer);
      this.stop();
    }
  }

  private async finish(job: RunJob, onFinished: (job: number, run: FinishedRun) => void): Promise<void> {
    const run = await this.one(job);
    this.order.took(job, run.wallMs);
    onFinished(job.job, run);
  }

  /** Starts no job any more, and ends the threads of those that work. */
  stop(): void {
    this.order.stop();
    for (const end of this.ends.values()) end.abort();
  }

  private async one(job: RunJob): Promise<FinishedRun> {
    const end = new AbortController();
    this.ends.set(job.job, end);
    try {
      return unwrap((await this.pool.run(job, { signal: end.signal })) as JobOutcome);
    } catch (error) {
      if (isOutOfMemory(error)) throw tooMuch(this.memoryBytes);
      if (error instanceof InputError || error instanceof AssertionError) throw error;
      if (end.signal.aborted) throw this.hung.get(job.job) ?? error;
      // If a thread ended by itself while a user module ran, the module ended it.
      throw (isThreadEnd(error) ? this.watchdog.ended(job.job) : undefined) ?? error;
    } finally {
      this.ends.delete(job.job);
    }
  }

  /** Piscina starts another thread in place of one that was ended. */
  private endHungThreads(): void {
    for (;;) {
      const found = this.watchdog.overdue(performance.now());
      if (found === undefined) return;
      this.hung.set(found.job, found.fault);
      this.ends.get(found.job)?.abort();
    }
  }
}

/**
 * A thread may answer just when it is ended because another job failed. Piscina reports such an
 * answer as an error, and nobody waits for it any more. Exported for tests.
 */
export function throwUnlessLate(error: Error): void {
  if (!error.message.startsWith("Unexpected message from Worker")) throw error;
}

/** The modules of a job, as messages name them. */
function modulesOf({ scenario, policy }: RunJob): string {
  return modulesOfRun(scenario, policy).join(" or ");
}

/** The machine's memory, or its container's if that is less. */
function availableMemoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** Piscina's error for a task whose thread has ended; it has no code. */
function isThreadEnd(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("worker exited with code");
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
