import { InputError } from "../base/errors.js";
import type { JobPoolOptions } from "../experiment/job-pool.js";
import type { JobRunner } from "../experiment/job-runner.js";
import { JobThreads } from "../experiment/job-threads.js";
import { QUEUE_PACKAGE, withPackage } from "../forecasting/optional-package.js";
import type { EngineArguments } from "./options/engine.js";

/** Refuses contradictory options of the two engines. Throws InputError. */
export function checkEngine({ engine, redis, threads }: EngineArguments): void {
  if (engine === "queue" && redis === undefined)
    throw new InputError({
      code: "HR1006",
      where: "--engine",
      got: "queue without --redis",
      expected: "--redis redis://host:6379",
    });
  if (engine === "local" && redis !== undefined)
    throw new InputError({
      code: "HR1006",
      where: "--redis",
      got: "an address for --engine local",
      expected: "--engine queue",
    });
  if (redis !== undefined && threads !== undefined)
    throw new InputError({
      code: "HR1006",
      where: "--threads",
      got: "threads for a queue",
      expected: "them where headrace worker starts",
    });
}

/**
 * The runner that the options name, open until it is closed. Undefined if threads are impossible
 * (TypeScript sources): everything then runs in this one. Throws InputError if Redis cannot be
 * used.
 */
export async function openRunner(argv: EngineArguments & { readonly quiet: boolean }): Promise<JobRunner | undefined> {
  checkEngine(argv);
  if (argv.redis !== undefined) return openQueue(argv.redis, argv.quiet);
  return JobThreads.open(argv.threads === undefined ? {} : { threads: argv.threads });
}

/** A runner on the queue at this address. Throws InputError if Redis cannot be used. */
export async function openQueue(redis: string, quiet: boolean): Promise<JobRunner> {
  const { QueueRunner } = await withPackage(QUEUE_PACKAGE, () => import("../experiment/queue/queue-runner.js"));
  return QueueRunner.connect(redis, (text) => {
    if (!quiet) process.stderr.write(`${text}\n`);
  });
}

/** What `runJobs` is given for that runner. */
export function poolOf(runner: JobRunner | undefined): Pick<JobPoolOptions, "open" | "threads"> {
  return runner === undefined ? { threads: 0 } : { open: runner };
}
