import { createHash } from "node:crypto";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { InputError } from "../../base/errors.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import type { JobOutcome } from "../job-outcome.js";
import type { RunJob } from "../run-job.js";
import { moduleHash, modulesOfRun } from "../run-modules.js";
import { encodeScenario } from "../scenario-codec.js";
import { decodeOutcome } from "./outcome-codec.js";
import {
  announceKey,
  COORDINATOR_SECONDS,
  coordinatorKey,
  KEPT_SECONDS,
  outcomesKey,
  type QueuedRun,
  scenarioKey,
} from "./queue-names.js";
import { NO_SCENARIO } from "./queue-worker.js";

/** Jobs in the queue at once: enough for a hundred workers, few enough to check one by one. */
const MOST_QUEUED = 500;
/** Outcomes that are taken without waiting, after the first. */
const MOST_TAKEN = 100;
/** How long one look waits for an outcome. */
const WAIT_SECONDS = 1;
/** Jobs missing from the queue are put back this often. */
const REPAIR_MS = 2000;
/** A job whose worker died is put back; a job that ended this many workers counts as failed. */
const MOST_DEATHS = 5;

/** BullMQ's message for a job whose worker died. */
const STALLED = /stalled/i;

/** Shared by all rounds. */
export interface QueueLink {
  readonly queue: Queue<QueuedRun, void>;
  readonly redis: Redis;
  /** For the command that waits for outcomes. */
  readonly outcomes: Redis;
  readonly code: string;
  readonly coordinator: string;
}

interface Open {
  readonly job: RunJob;
  /**
   * Polls in which Redis did not have it. At a single one its outcome may have been in transit.
   */
  missed: number;
  deaths: number;
}

export interface Arrived {
  readonly job: RunJob;
  readonly outcome: JobOutcome;
}

/** What one batch has under way in the queue. */
export class QueueRound {
  private readonly waiting: RunJob[];
  private readonly queued = new Map<string, Open>();
  private readonly scenarios = new Map<Scenario, { readonly id: string; readonly text: string }>();
  private readonly ready: Arrived[] = [];
  private repairedAt = Number.NEGATIVE_INFINITY;
  private underWay: Promise<void> | undefined;

  /** `batch`: the number of this batch among those of the coordinator. */
  constructor(
    private readonly link: QueueLink,
    private readonly batch: number,
    jobs: readonly RunJob[],
  ) {
    this.waiting = jobs.toReversed();
  }

  get left(): number {
    return this.waiting.length + this.queued.size + this.ready.length;
  }

  /** Outcomes that arrived since the last call. */
  arrived(): readonly Arrived[] {
    return this.ready.splice(0);
  }

  /**
   * Puts jobs into the queue, and waits a second for outcomes. If an earlier step still waits for
   * Redis, it waits for that one.
   */
  step(): Promise<void> {
    this.underWay ??= this.look().finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  /**
   * Removes jobs that no worker has started, so that stopped work leaves none. A job that a
   * worker holds is locked.
   */
  async takeBack(): Promise<void> {
    for (const id of this.queued.keys()) {
      const job = await this.link.queue.getJob(id);
      await job?.remove().catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    await this.announce();
    while (this.queued.size < MOST_QUEUED) {
      const job = this.waiting.pop();
      if (job === undefined) break;
      const id = this.idOf(job);
      this.queued.set(id, { job, missed: 0, deaths: 0 });
      await this.put(id, job);
    }
    await this.take();
    if (performance.now() - this.repairedAt < REPAIR_MS) return;
    this.repairedAt = performance.now();
    await this.repair();
  }

  /** Workers do only the runs of coordinators that still run. */
  private async announce(): Promise<void> {
    const { redis, code, coordinator } = this.link;
    await redis.set(coordinatorKey(coordinator), "alive", "EX", COORDINATOR_SECONDS);
    await redis.set(announceKey(code), "waiting", "EX", COORDINATOR_SECONDS);
  }

  private async take(): Promise<void> {
    const { outcomes, coordinator } = this.link;
    const list = outcomesKey(coordinator);
    const first = await outcomes.blpopBuffer(list, WAIT_SECONDS);
    if (first === null) return;
    const more = (await outcomes.lpopBuffer(list, MOST_TAKEN)) ?? [];
    for (const bytes of [first[1], ...more]) {
      const found = decodeOutcome(bytes);
      // A repeated outcome is ignored.
      if (found !== undefined) this.end(found.id, found.outcome);
    }
  }

  private end(id: string, outcome: JobOutcome): void {
    const open = this.queued.get(id);
    if (open === undefined) return;
    this.queued.delete(id);
    this.ready.push({ job: open.job, outcome });
  }

  /**
   * Puts back jobs that Redis lost or whose worker died; a job that failed too often becomes an
   * outcome.
   */
  private async repair(): Promise<void> {
    const { queue, redis } = this.link;
    for (const [id, open] of [...this.queued]) {
      const state = await queue.getJobState(id);
      if (state === "failed") await this.failed(id, open);
      else if (state === "unknown" || state === "completed") await this.missed(id, open);
      else if ((await redis.exists(scenarioKey(this.scenarioOf(open.job).id))) === 0) await this.putScenario(open.job);
    }
  }

  /** Missing in one poll, its outcome may be in transit; missing in two, the job is lost. */
  private async missed(id: string, open: Open): Promise<void> {
    open.missed++;
    if (open.missed < 2) return;
    open.missed = 0;
    await this.put(id, open.job);
  }

  private async failed(id: string, open: Open): Promise<void> {
    const job = await this.link.queue.getJob(id);
    const reason = job?.failedReason ?? "failed without a message";
    await job?.remove();
    if (!STALLED.test(reason) && reason !== NO_SCENARIO) {
      this.end(id, { kind: "assertion", message: `a worker could not do a run: ${reason}` });
      return;
    }
    open.deaths++;
    if (open.deaths <= MOST_DEATHS) await this.put(id, open.job);
    else this.end(id, { kind: "input-error", fault: deadly(open.deaths) });
  }

  private async put(id: string, job: RunJob): Promise<void> {
    await this.putScenario(job);
    const { coordinator, queue } = this.link;
    const { policy, replication, scenario } = job;
    const modules: { file: string; hash: string }[] = [];
    for (const file of modulesOfRun(scenario, policy)) modules.push({ file, hash: await moduleHash(file) });
    const data = { coordinator, scenario: this.scenarioOf(job).id, policy, replication, modules };
    await queue.add("run", data, { jobId: id, removeOnComplete: true, removeOnFail: { age: KEPT_SECONDS } });
  }

  private async putScenario(job: RunJob): Promise<void> {
    const { id, text } = this.scenarioOf(job);
    await this.link.redis.set(scenarioKey(id), text, "EX", KEPT_SECONDS, "NX");
  }

  private scenarioOf({ scenario }: RunJob): { readonly id: string; readonly text: string } {
    let known = this.scenarios.get(scenario);
    if (known === undefined) {
      const text = encodeScenario(scenario);
      known = { id: digest(text), text };
      this.scenarios.set(scenario, known);
    }
    return known;
  }

  /** A letter goes before the hash: BullMQ refuses an id that is a whole number. */
  private idOf(job: RunJob): string {
    return `r${digest(`${this.link.coordinator}/${this.batch}/${job.job}`)}`;
  }
}

function deadly(deaths: number): InputError["fault"] {
  return {
    code: "HR1708",
    got: `a run of which ${deaths} workers died`,
    expected: "runs that end",
    remedy: "Give the workers more memory (headrace worker --threads), or make the run smaller",
  };
}

/** 128 bits of SHA-256 as hex. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
