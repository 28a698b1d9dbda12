import { join } from "node:path";
import { type Job, Worker } from "bullmq";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accept } from "../../../src/experiment/check/accept.js";
import { runCheck } from "../../../src/experiment/check/check.js";
import { readRegression } from "../../../src/experiment/check/regression-file.js";
import { codeHash } from "../../../src/experiment/code-hash.js";
import { type JobSpec, runJobs } from "../../../src/experiment/job-pool.js";
import type { JobRunner } from "../../../src/experiment/job-runner.js";
import { runMetrics } from "../../../src/experiment/metric-runs.js";
import { planScenario } from "../../../src/experiment/plan/plan.js";
import { readQuestion } from "../../../src/experiment/plan/question.js";
import { decodeOutcome } from "../../../src/experiment/queue/outcome-codec.js";
import {
  coordinatorKey,
  outcomesKey,
  QUEUE_PREFIX,
  type QueuedRun,
  queueName,
  scenarioKey,
} from "../../../src/experiment/queue/queue-names.js";
import { QueueRunner } from "../../../src/experiment/queue/queue-runner.js";
import { QueueWorker } from "../../../src/experiment/queue/queue-worker.js";
import { connectRedis, lastingConnection } from "../../../src/experiment/queue/redis-link.js";
import { runJob } from "../../../src/experiment/run-job.js";
import { encodeScenario } from "../../../src/experiment/scenario-codec.js";
import { readScenario } from "../../../src/experiment/scenario-file.js";
import { folderPerTest } from "../../cli/folder-per-test.js";
import { quickScenario } from "../../cli/real-command.js";
import { hasRedis, RedisServer } from "./redis-server.js";

const planned = `name: planned
seed: 4
duration: 30min
warmup: 10min
traffic: {source: poisson, rate: 1/s}
streams: {holding: {kind: exponential, mean: 1min}, patience: {kind: constant, value: 10s}}
fleet: {streamlet: {slots: 8, spawn: {kind: constant, value: 10s}}, max: 60}
policies: [{kind: square-root, min: 2}]
slo: {startLatencyP99: 1s, abandonedRatio: 0.01, days: 60%}
cost: {streamletHour: 0.01}
plan: {variables: {policies.square-root.beta: [1, 3]}}
`;
const gate = "scenarios: [{file: planned.yaml, replications: 3}]\nmetrics: {cost: 1%}\nbaseline: accepted.json\n";

/** A worker's threads, in this thread: TypeScript sources have no worker file. */
const here: JobRunner = {
  async run(jobs, _options, onFinished) {
    for (const job of jobs) onFinished(job.job, await runJob(job));
  },
  close: async () => undefined,
};

const folder = folderPerTest({ "quick.yaml": quickScenario(), "planned.yaml": planned, "gate.yaml": gate });
const at = (name: string): string => join(folder.path, name);

describe.runIf(hasRedis)("runs over a queue", () => {
  const redis = new RedisServer();
  let stop = async (): Promise<void> => undefined;
  let queue: QueueRunner;

  beforeAll(async () => {
    await redis.start();
    const [commands, connection] = [await connectRedis(redis.url), lastingConnection(redis.url)];
    const tasks = new QueueWorker(commands, here);
    const worker = new Worker(queueName(codeHash()), (job) => tasks.work(job), { connection, prefix: QUEUE_PREFIX });
    stop = async () => {
      await worker.close();
      connection.disconnect();
      commands.disconnect();
    };
    queue = await QueueRunner.connect(redis.url, () => undefined);
  });
  afterAll(async () => {
    await queue?.close();
    await stop();
    expect(redis.command("keys", "headrace:coordinator:*").trim()).toBe("");
    await redis.stop();
  });

  it("give each run as threads give it, to the last field", async () => {
    const scenario = await readScenario(at("planned.yaml"));
    const specs: JobSpec[] = [0, 1, 2].map((replication) => ({ scenario, policy: 0, replication }));
    const results = async (pool: object): Promise<unknown[]> => {
      const found: unknown[] = [];
      await runJobs(specs, pool, (job, { result }) => {
        found[job] = result;
      });
      return found;
    };
    expect(await results({ open: queue })).toEqual(await results({ threads: 0 }));
  });

  it("give check and plan and study the figures that threads give", async () => {
    const regression = await readRegression(at("gate.yaml"));
    const document = async (pool: object): Promise<string> =>
      JSON.stringify((await runCheck(regression, pool)).document);
    await accept(regression, "first", { open: queue });
    folder.write("planned.yaml", planned.replace("square-root, min", "square-root, beta: 1.5, min"));
    expect(await document({ open: queue })).toBe(await document({ threads: 0 }));
    const question = await readQuestion(at("planned.yaml"), { variables: [] });
    const plan = JSON.stringify(await planScenario(question, { runner: queue }));
    expect(plan).toBe(JSON.stringify(await planScenario(question, {})));
    const { scenario } = question;
    const runs = [0, 1].map((replication) => ({ scenario, policy: scenario.policies[0], replication }));
    const strip = (all: Awaited<ReturnType<typeof runMetrics>>) => all.map(({ wallMs: _, ...run }) => run);
    expect(strip(await runMetrics(runs, { open: queue }))).toEqual(strip(await runMetrics(runs, { threads: 0 })));
  });

  it("reach each of two coordinators by itself, the same run twice in one batch included", async () => {
    const other = await QueueRunner.connect(redis.url, () => undefined);
    const scenario = await readScenario(at("quick.yaml"));
    const specs = Array.from({ length: 12 }, (_, i) => ({ scenario, policy: 0, replication: i % 4 }));
    const done = [0, 0];
    await Promise.all(
      [queue, other].map((open, who) =>
        runJobs(specs, { open }, () => {
          done[who]++;
        }),
      ),
    );
    await other.close();
    expect(done).toEqual([12, 12]);
  });

  it("carry the fault of a run as it is, with its code", async () => {
    folder.write("bad.mjs", "export const createPolicy = 5;\n");
    folder.write("quick.yaml", quickScenario({ "{kind: static, count: 10}": "{kind: ./bad.mjs, min: 1}" }));
    const scenario = await readScenario(at("quick.yaml"));
    const run = (pool: object) => runJobs([{ scenario, policy: 0, replication: 0 }], pool, () => undefined);
    const fault = await run({ threads: 0 }).catch((error: Error) => error.message);
    await expect(run({ open: queue })).rejects.toThrow(String(fault));
  });

  it("are refused if a worker's module has another text, and left alone if their coordinator has ended", async () => {
    const commands = await connectRedis(redis.url);
    const worker = new QueueWorker(commands, here);
    const id = `r${"0".repeat(32)}`;
    const modules = [{ file: at("quick.yaml"), hash: "of another text" }];
    const work = (coordinator: string) => {
      const data = { coordinator, scenario: "s", policy: 0, replication: 0, modules };
      return worker.work({ id, data } as unknown as Job<QueuedRun, void>);
    };
    await commands.set(coordinatorKey("here"), "alive", "EX", 60);
    await commands.set(scenarioKey("s"), encodeScenario(await readScenario(at("quick.yaml"))), "EX", 60);
    await work("here");
    await work("gone");
    const [bytes] = (await commands.lpopBuffer(outcomesKey("here"), 1)) ?? [];
    expect(decodeOutcome(bytes)).toMatchObject({ id, outcome: { kind: "input-error", fault: { code: "HR1714" } } });
    expect(await commands.exists(outcomesKey("gone"))).toBe(0);
    await commands.del(coordinatorKey("here"), scenarioKey("s"));
    commands.disconnect();
  });
});
