import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { InputError } from "../../base/errors.js";
import { codeHash } from "../code-hash.js";
import { settled, unwrap } from "../job-outcome.js";
import type { JobRunner, JobRunnerOptions } from "../job-runner.js";
import type { FinishedRun, RunJob } from "../run-job.js";
import { announceKey, coordinatorKey, outcomesKey, QUEUE_PREFIX, type QueuedRun, queueName } from "./queue-names.js";
import { QueueRound } from "./queue-round.js";
import { connectRedis, lastingConnection, shownAddress } from "./redis-link.js";

/** How long one poll waits before Redis counts as silent. */
const STEP_MS = 5000;
/** After this long without an answer from Redis the work ends; finished runs are kept. */
const MOST_SILENCE_MS = 600_000;
/**
 * Time limit for leaving: workers drop jobs that stay in Redis, since their coordinator has
 * ended.
 */
const LEAVE_MS = 2000;

/**
 * Runs jobs on workers of any machine, through a queue in Redis (BullMQ). Redis only transports:
 * the runner puts back jobs that Redis lost (a restart, a flush), and ignores a repeated outcome.
 * Any number of coordinators share the workers.
 */
export class QueueRunner implements JobRunner {
  private readonly coordinator = randomBytes(8).toString("hex");
  private readonly code = codeHash();
  private readonly queue: Queue<QueuedRun, void>;
  /** Its own connection, since a command that waits for outcomes blocks later ones. */
  private readonly outcomes: Redis;
  private batches = 0;
  private startedAt = performance.now();
  private saidNobody = false;

  private constructor(
    private readonly url: string,
    private readonly redis: Redis,
    private readonly notice: (text: string) => void,
  ) {
    this.queue = new Queue(queueName(this.code), { connection: redis, prefix: QUEUE_PREFIX });
    this.queue.on("error", () => undefined);
    this.outcomes = lastingConnection(url);
  }

  /** Throws an InputError if Redis cannot be used. `notice` takes messages for a person. */
  static async connect(url: string, notice: (text: string) => void): Promise<QueueRunner> {
    return new QueueRunner(url, await connectRedis(url), notice);
  }

  async run(
    jobs: readonly RunJob[],
    options: JobRunnerOptions,
    onFinished: (job: number, run: FinishedRun) => void,
  ): Promise<void> {
    const { redis, outcomes, code, coordinator } = this;
    const round = new QueueRound({ queue: this.queue, redis, outcomes, code, coordinator }, this.batches++, jobs);
    let lastAnswerAt = performance.now();
    this.startedAt = lastAnswerAt;
    try {
      while (round.left > 0) {
        options.signal?.throwIfAborted();
        // Commands wait while Redis is away: a step that hangs is bounded here.
        const isAnswered = await answers(round.step(), options.signal);
        if (isAnswered) lastAnswerAt = performance.now();
        else if (performance.now() - lastAnswerAt > MOST_SILENCE_MS) throw this.silent();
        for (const { job, outcome } of round.arrived()) {
          await settled(options, job.job, async () => onFinished(job.job, unwrap(outcome)));
          Atomics.store(job.progress, job.job, 1000);
        }
        if (isAnswered) await this.noticeNobody();
      }
    } finally {
      if (round.left > 0) await Promise.race([round.takeBack().catch(() => undefined), pause(LEAVE_MS)]);
    }
  }

  async close(): Promise<void> {
    const leave = async (): Promise<void> => {
      await this.redis.del(announceKey(this.code), coordinatorKey(this.coordinator), outcomesKey(this.coordinator));
      await this.queue.close();
    };
    await Promise.race([leave().catch(() => undefined), pause(LEAVE_MS)]);
    this.outcomes.disconnect();
    this.redis.disconnect();
  }

  /** Reports once that there has been no worker for 10 s. */
  private async noticeNobody(): Promise<void> {
    if (this.saidNobody || performance.now() - this.startedAt < 2 * STEP_MS) return;
    const workers = await Promise.race([this.queue.getWorkersCount(), pause(STEP_MS)]);
    if (workers !== 0) return;
    this.saidNobody = true;
    this.notice(`no worker yet: start some with headrace worker --redis ${shownAddress(this.url)}`);
  }

  private silent(): InputError {
    return new InputError({
      code: "HR1710",
      where: shownAddress(this.url),
      got: `no answer for ${MOST_SILENCE_MS / 60_000} min`,
      expected: "a Redis server that comes back",
      remedy: "Finished runs are kept: give the same command again",
    });
  }
}

/** Whether the work ends in time; false at once if the signal is raised. */
async function answers(work: Promise<void>, signal: AbortSignal | undefined): Promise<boolean> {
  const clock = new AbortController();
  const raised = new Promise<false>((resolve) => {
    signal?.addEventListener("abort", () => resolve(false), { once: true, signal: clock.signal });
  });
  try {
    const late = pause(STEP_MS, false, { signal: clock.signal }).catch(() => false);
    return await Promise.race([work.then(() => true), late, raised]);
  } finally {
    clock.abort();
  }
}
