import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "bullmq";
import { assert } from "../base/assert.js";
import { codeHash } from "../experiment/code-hash.js";
import { JobThreads } from "../experiment/job-threads.js";
import { announceKey, QUEUE_PREFIX, type QueuedRun, queueName } from "../experiment/queue/queue-names.js";
import { QueueWorker } from "../experiment/queue/queue-worker.js";
import { connectRedis, lastingConnection, shownAddress } from "../experiment/queue/redis-link.js";
import { packageVersion } from "../experiment/version.js";
import { interruptSignal } from "./outcome.js";
import type { WorkerArguments } from "./worker.js";

/**
 * The main thread renews the lock of each run; a worker that is killed loses its runs after this
 * time.
 */
const LOCK_MS = 10_000;
/** How often runs of dead workers are looked for. */
const STALLED_CHECK_MS = 3000;
/**
 * A run counts as failed after this many workers have died on it; the coordinator bounds it as
 * well.
 */
const MOST_STALLS = 5;
/** How often a worker looks whether a sweep of another version waits. */
const LOOK_MS = 5000;

/** `headrace worker`: takes runs until it is interrupted; the runs under way are finished first. */
export async function runWorker(argv: WorkerArguments): Promise<void> {
  const code = codeHash();
  const redis = await connectRedis(argv.redis);
  const threads = argv.threads ?? availableParallelism();
  const runner = await JobThreads.open({ threads });
  assert(runner !== undefined, "a worker has threads");
  const connection = lastingConnection(argv.redis);
  const queue = new QueueWorker(redis, runner);
  // The runs are on the runner's threads; this thread renews their locks meanwhile.
  const worker = new Worker<QueuedRun, void>(queueName(code), (job) => queue.work(job), {
    connection,
    prefix: QUEUE_PREFIX,
    concurrency: threads,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MOST_STALLS,
  });
  const print = (text: string): void => {
    if (!argv.quiet) process.stderr.write(`${text}\n`);
  };
  // A lost connection ends nothing: BullMQ reconnects, and the coordinator requeues lost runs.
  worker.on("error", (error) => print(`redis: ${error.message}`));
  let lastWorkAt = performance.now();
  let done = 0;
  worker.on("completed", () => {
    done++;
    lastWorkAt = performance.now();
  });
  worker.on("active", () => {
    lastWorkAt = performance.now();
  });
  print(`headrace ${packageVersion()} (code ${code}) takes runs from ${shownAddress(argv.redis)}, ${threads} at once`);
  const interrupt = interruptSignal();
  const strangers = new Set<string>();
  try {
    while (!interrupt.signal.aborted) {
      await pause(LOOK_MS / 10, undefined, { signal: interrupt.signal }).catch(() => undefined);
      const idleMs = performance.now() - lastWorkAt;
      if (argv.idleExit !== undefined && idleMs > argv.idleExit * 1000) break;
      if (idleMs > LOOK_MS) await Promise.race([reportStrangers(redis, code, strangers, print), pause(LOOK_MS)]);
    }
    print(`${done} runs done`);
  } finally {
    await worker.close();
    await runner.close();
    connection.disconnect();
    redis.disconnect();
    interrupt.dispose();
  }
}

/** Reports once each other version that a sweep requires: this worker does not take its runs. */
async function reportStrangers(
  redis: Awaited<ReturnType<typeof connectRedis>>,
  code: string,
  known: Set<string>,
  print: (text: string) => void,
): Promise<void> {
  const prefix = announceKey("");
  const keys = await redis.keys(`${prefix}*`).catch(() => []);
  for (const key of keys) {
    const other = key.slice(prefix.length);
    if (other === code || known.has(other)) continue;
    known.add(other);
    print(
      `a sweep of other code (${other}) waits for workers of its ` +
        `own: this one runs ${code}, and would give other results`,
    );
  }
}
