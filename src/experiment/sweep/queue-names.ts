/** Redis keys of sweeps begin with this. */
export const QUEUE_PREFIX = "headrace";
/** How long what a sweep leaves in Redis outlives its last touch. */
export const KEPT_SECONDS = 7 * 86_400;
/**
 * The environment variable with the address of Redis for a worker's threads. An address may hold a
 * password, and jobs must not.
 */
export const REDIS_VARIABLE = "HEADRACE_REDIS";

/**
 * Sweeps and workers share a queue if they run the same code. A worker of another version would
 * give other results.
 */
export function queueName(code: string): string {
  return `sweep-${code}`;
}

/** Where a variant's scenario lies; named by its content. */
export function scenarioKey(id: string): string {
  return `${QUEUE_PREFIX}:scenario:${id}`;
}

/** Where coordinators say which code they wait for. */
export function announceKey(code: string): string {
  return `${QUEUE_PREFIX}:waiting:${code}`;
}

/** What a queued job carries. */
export interface QueuedRun {
  readonly key: string;
  readonly scenario: string;
  readonly policy: number;
  readonly replication: number;
}
