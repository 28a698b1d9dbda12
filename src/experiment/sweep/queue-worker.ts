import { type Job, UnrecoverableError } from "bullmq";
import type { Redis } from "ioredis";
import { runJob } from "../run-job.js";
import { decodeScenario } from "../scenario-codec.js";
import { watchMemory } from "../user-code-watch.js";
import { type QueuedRun, REDIS_VARIABLE, scenarioKey } from "./queue-names.js";
import { lastingConnection } from "./redis-link.js";
import { recordOf, recordText } from "./run-file.js";

let redis: Redis | undefined;

/**
 * The task of a sandboxed thread of `headrace worker`: executes one job and returns the text of its
 * record.
 */
export async function work(job: Job<QueuedRun, string>): Promise<string> {
  const { key, scenario: id, policy, replication } = job.data;
  redis ??= lastingConnection(process.env[REDIS_VARIABLE] ?? "");
  const text = await redis.get(scenarioKey(id));
  if (text === null) throw new UnrecoverableError("the scenario is not in Redis (any more)");
  const scenario = decodeScenario(text);
  const progress = new Int32Array(new SharedArrayBuffer(4));
  try {
    const { result } = await runJob({ scenario, policy, replication, job: 0, progress, userCode: watchMemory(1) });
    return recordText(recordOf(key, scenario.policies[policy].kind, scenario.seed, result));
  } catch (error) {
    throw new UnrecoverableError(error instanceof Error ? error.message : String(error));
  }
}

// BullMQ calls the default export of its processor's file, as Piscina does.
export { work as default };
