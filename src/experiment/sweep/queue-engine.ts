import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type Job, Queue } from "bullmq";
import type { Redis } from "ioredis";
import { InputError } from "../../base/errors.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import type { JobPoolOptions } from "../job-pool.js";
import { encodeScenario } from "../scenario-codec.js";
import type { EngineJob, EngineOutcome, SweepEngine } from "./engine.js";
import { announceKey, KEPT_SECONDS, QUEUE_PREFIX, type QueuedRun, queueName, scenarioKey } from "./queue-names.js";
import { connectRedis, shownAddress } from "./redis-link.js";
import { parseRecord } from "./run-file.js";

/** Jobs in the queue at once: enough for a hundred workers, few enough to inspect one by one. */
const MOST_QUEUED = 500;
const POLL_MS = 100;
/** Whatever is missing from the queue is put back this often. */
const REPAIR_MS = 2000;
/** A job whose worker died is taken again; one that kills so many workers is given up. */
const MOST_DEATHS = 5;
/** Without any answer from Redis for so long the sweep gives up; finished runs are kept. */
const MOST_SILENCE_MS = 600_000;

/** BullMQ's message for a job whose worker died. */
const STALLED = /stalled/i;

/**
 * Runs on workers of any machine, through a queue in Redis (BullMQ). Redis only transports: the
 * engine puts back jobs that Redis lost (a restart, a flush), and a result that comes twice has the
 * same bytes.
 */
export class QueueEngine implements SweepEngine {
  private constructor(
    private readonly url: string,
    private readonly code: string,
    private readonly redis: Redis,
    private readonly notice: (text: string) => void,
  ) {}

  /** Throws an InputError where Redis cannot be used. `notice` takes messages for a person. */
  static async connect(url: string, code: string, notice: (text: string) => void): Promise<QueueEngine> {
    return new QueueEngine(url, code, await connectRedis(url), notice);
  }

  async run(
    jobs: readonly EngineJob[],
    onOutcome: (outcome: EngineOutcome) => Promise<void>,
    options: Pick<JobPoolOptions, "signal" | "onProgress">,
  ): Promise<void> {
    const queue = new Queue<QueuedRun, string>(queueName(this.code), { connection: this.redis, prefix: QUEUE_PREFIX });
    queue.on("error", () => undefined);
    const round = new QueueRound(queue, this.redis, this.code, jobs, onOutcome);
    let lastAnswerAt = performance.now();
    let saidNobody = false;
    try {
      while (round.left > 0) {
        options.signal?.throwIfAborted();
        // Commands wait while Redis is away: a step that hangs is bounded here.
        const answered = await Promise.race([round.step(), pause(POLL_MS * 50, "silent")]);
        if (answered !== "silent") lastAnswerAt = performance.now();
        else if (performance.now() - lastAnswerAt > MOST_SILENCE_MS) throw this.silent();
        options.onProgress?.(1 - round.left / jobs.length);
        if (!saidNobody && answered !== "silent" && (await round.isWaitingForWorkers())) {
          saidNobody = true;
          this.notice(`no worker yet: start some with headrace worker --redis ${shownAddress(this.url)}`);
        }
        await pause(POLL_MS);
      }
    } finally {
      await Promise.race([round.leave(), pause(POLL_MS * 20)]);
      this.redis.disconnect();
    }
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

/** What one call of `run` has under way. */
class QueueRound {
  private readonly waiting: EngineJob[];
  private readonly queued = new Map<string, EngineJob>();
  private readonly deaths = new Map<string, number>();
  private readonly scenarios = new Map<Scenario, { readonly id: string; readonly text: string }>();
  private repairedAt = Number.NEGATIVE_INFINITY;
  private startedAt = performance.now();
  private underWay: Promise<void> | undefined;

  constructor(
    private readonly queue: Queue<QueuedRun, string>,
    private readonly redis: Redis,
    private readonly code: string,
    jobs: readonly EngineJob[],
    private readonly onOutcome: (outcome: EngineOutcome) => Promise<void>,
  ) {
    this.waiting = jobs.toReversed();
  }

  get left(): number {
    return this.waiting.length + this.queued.size;
  }

  /** One look at the queue. While an earlier look still waits for Redis, that one is waited for. */
  step(): Promise<void> {
    this.underWay ??= this.look().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  /** True once nobody has taken anything for 10 s. */
  async isWaitingForWorkers(): Promise<boolean> {
    if (performance.now() - this.startedAt < 10_000) return false;
    return (await this.queue.getWorkersCount()) === 0;
  }

  /** Takes back what nobody does yet: a sweep that was stopped leaves no work behind. */
  async leave(): Promise<void> {
    await this.redis.del(announceKey(this.code));
    for (const key of this.queued.keys()) {
      const job = await this.queue.getJob(idOf(key));
      // A job that a worker holds is locked; its result is found by the next coordinator.
      await job?.remove().catch(() => undefined);
    }
    await this.queue.close();
  }

  private async look(): Promise<void> {
    for (const job of await this.queue.getCompleted(0, MOST_QUEUED)) await this.finish(job);
    for (const job of await this.queue.getFailed(0, MOST_QUEUED)) await this.fail(job);
    while (this.queued.size < MOST_QUEUED) {
      const next = this.waiting.pop();
      if (next === undefined) break;
      this.queued.set(next.key, next);
      await this.put(next);
    }
    if (performance.now() - this.repairedAt < REPAIR_MS) return;
    this.repairedAt = performance.now();
    await this.redis.set(announceKey(this.code), "waiting", "EX", 60);
    for (const job of this.queued.values()) {
      const known = await this.queue.getJobState(idOf(job.key));
      if (known === "unknown") await this.put(job);
      else if (!(await this.redis.exists(scenarioKey(this.scenarioOf(job).id)))) await this.putScenario(job);
    }
  }

  private async finish(job: Job<QueuedRun, string>): Promise<void> {
    const record = parseRecord(job.returnvalue ?? "");
    const { key } = job.data;
    if (record !== undefined && record.key === key && this.queued.has(key)) {
      await this.onOutcome({ kind: "done", record });
      this.queued.delete(key);
    }
    // Removed only after it is on the disk; one of nobody's is what an earlier coordinator left.
    await job.remove();
  }

  private async fail(job: Job<QueuedRun, string>): Promise<void> {
    const { key } = job.data;
    const own = this.queued.get(key);
    const message = job.failedReason ?? "failed without a message";
    await job.remove();
    if (own === undefined) return;
    const deaths = (this.deaths.get(key) ?? 0) + 1;
    const isDeath = STALLED.test(message) || /scenario is not in Redis/.test(message);
    if (isDeath && deaths <= MOST_DEATHS) {
      this.deaths.set(key, deaths);
      await this.put(own);
      return;
    }
    this.queued.delete(key);
    await this.onOutcome({ kind: "failed", key, message });
  }

  private async put(job: EngineJob): Promise<void> {
    await this.putScenario(job);
    const { id } = this.scenarioOf(job);
    const data = { key: job.key, scenario: id, policy: job.policy, replication: job.replication };
    await this.queue.add("run", data, { jobId: idOf(job.key), removeOnComplete: false, removeOnFail: false });
  }

  private async putScenario(job: EngineJob): Promise<void> {
    const { id, text } = this.scenarioOf(job);
    await this.redis.set(scenarioKey(id), text, "EX", KEPT_SECONDS, "NX");
  }

  private scenarioOf({ scenario }: EngineJob): { readonly id: string; readonly text: string } {
    let known = this.scenarios.get(scenario);
    if (known === undefined) {
      const text = encodeScenario(scenario);
      known = { id: createHash("sha256").update(text).digest("hex").slice(0, 32), text };
      this.scenarios.set(scenario, known);
    }
    return known;
  }
}

/** BullMQ refuses an id that is a whole number: a letter goes before the hash. */
function idOf(key: string): string {
  return `r${key}`;
}
