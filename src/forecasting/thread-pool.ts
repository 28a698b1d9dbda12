import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { InputError } from "../base/errors.js";
import { type ForecastJob, type ForecastJobResult, runForecastJob } from "./forecast-job.js";
import type { ForecastJobOutcome } from "./forecast-worker.js";

export interface PoolOptions {
  /** Worker threads; 1 = everything in this thread. Default: all cores. */
  readonly threads?: number;
  /** Share of the jobs that are done, in [0, 1]. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs forecasting jobs on all cores. Results are in the order of the jobs, for any number of
 * threads.
 */
export async function runForecastJobs(
  jobs: readonly ForecastJob[],
  options: PoolOptions = {},
): Promise<ForecastJobResult[]> {
  const threads = Math.min(options.threads ?? availableParallelism(), jobs.length);
  const workerFile = fileURLToPath(new URL("./forecast-worker.js", import.meta.url));
  // With TypeScript sources (tests) there is no worker file to load; one thread then runs all
  // jobs.
  if (threads > 1 && existsSync(workerFile)) return runInThreads(jobs, workerFile, threads, options);
  const results: ForecastJobResult[] = [];
  for (const job of jobs) {
    options.signal?.throwIfAborted();
    results.push(await runForecastJob(job));
    options.onProgress?.(results.length / jobs.length);
    // Lets a signal handler in between two jobs.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return results;
}

async function runInThreads(
  jobs: readonly ForecastJob[],
  workerFile: string,
  threads: number,
  options: PoolOptions,
): Promise<ForecastJobResult[]> {
  const { Piscina } = await import("piscina");
  const pool = new Piscina({ filename: workerFile, minThreads: threads, maxThreads: threads, recordTiming: false });
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  let done = 0;
  const run = async (job: ForecastJob): Promise<ForecastJobResult> => {
    const outcome = (await pool.run(job, signal)) as ForecastJobOutcome;
    options.onProgress?.(++done / jobs.length);
    if (outcome.kind === "input-error") throw new InputError(outcome.fault);
    return outcome.result;
  };
  try {
    return await Promise.all(jobs.map(run));
  } finally {
    await pool.destroy();
  }
}
