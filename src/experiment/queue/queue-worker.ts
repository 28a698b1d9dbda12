import type { Job } from "bullmq";
import type { Redis } from "ioredis";
import { InputError } from "../../base/errors.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { type JobOutcome, outcomeOfError } from "../job-outcome.js";
import type { JobRunner } from "../job-runner.js";
import type { FinishedRun } from "../run-job.js";
import { moduleHash } from "../run-modules.js";
import { decodeScenario } from "../scenario-codec.js";
import { watchMemory } from "../user-code-watch.js";
import { encodeOutcome } from "./outcome-codec.js";
import { coordinatorKey, KEPT_SECONDS, outcomesKey, type QueuedRun, scenarioKey } from "./queue-names.js";

/** Scenarios that are kept decoded: the runs of one follow each other. */
const MOST_SCENARIOS = 8;
/** The message of a failed job that its coordinator must put back, with the scenario. */
export const NO_SCENARIO = "the scenario is not in Redis (any more)";

/**
 * Executes the runs of a queue. A run's own fault is an outcome, too; a job fails only if the
 * queue did. The runner ends a thread whose user code hangs.
 */
export class QueueWorker {
  private readonly scenarios = new Map<string, Scenario>();

  constructor(
    private readonly redis: Redis,
    private readonly runner: JobRunner,
  ) {}

  /** The task that BullMQ calls. */
  async work(job: Job<QueuedRun, void>): Promise<void> {
    const { coordinator, scenario: id, policy, replication, modules } = job.data;
    if ((await this.redis.exists(coordinatorKey(coordinator))) === 0) return;
    const scenario = await this.scenario(id);
    const outcome = await this.outcome(scenario, policy, replication, modules);
    const list = outcomesKey(coordinator);
    const answers = await this.redis
      .multi()
      .rpush(list, encodeOutcome(String(job.id), outcome))
      .expire(list, KEPT_SECONDS)
      .exec();
    for (const [error] of answers ?? []) if (error !== null) throw error;
  }

  private async outcome(
    scenario: Scenario,
    policy: number,
    replication: number,
    modules: QueuedRun["modules"],
  ): Promise<JobOutcome> {
    const progress = new Int32Array(new SharedArrayBuffer(4));
    const run = { scenario, policy, replication, job: 0, progress, userCode: watchMemory(1) };
    let finished: FinishedRun | undefined;
    try {
      for (const module of modules) await checkModule(module);
      await this.runner.run([run], {}, (_, one) => {
        finished = one;
      });
    } catch (error) {
      return outcomeOfError(error);
    }
    return { kind: "finished", run: finished as unknown as FinishedRun };
  }

  private async scenario(id: string): Promise<Scenario> {
    const known = this.scenarios.get(id);
    if (known !== undefined) return known;
    const text = await this.redis.get(scenarioKey(id));
    if (text === null) throw new Error(NO_SCENARIO);
    const scenario = decodeScenario(text);
    const [oldest] = this.scenarios.keys();
    if (this.scenarios.size >= MOST_SCENARIOS && oldest !== undefined) this.scenarios.delete(oldest);
    this.scenarios.set(id, scenario);
    return scenario;
  }
}

/** A worker with another file of the same path would give other results unnoticed. */
async function checkModule({ file, hash }: { readonly file: string; readonly hash: string }): Promise<void> {
  const own = await moduleHash(file);
  if (own === hash) return;
  throw new InputError({
    code: "HR1714",
    where: file,
    got:
      own === "" ? "a module that the worker's machine does not have" : "a module that differs on the worker's machine",
    expected: "the same file at the same path on all machines",
    remedy: "Share the folder with the workers, or copy it to them",
  });
}
