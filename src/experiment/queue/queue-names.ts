/** Redis keys of queued runs begin with this. */
export const QUEUE_PREFIX = "headrace";
/** How long the data of a coordinator stays in Redis after its last touch. */
export const KEPT_SECONDS = 7 * 86_400;
/** A coordinator that was silent for this long counts as ended; its runs are dropped. */
export const COORDINATOR_SECONDS = 60;
/** Version of the protocol of coordinators and workers; raised with each change. */
const PROTOCOL = 2;

/**
 * Coordinators and workers with the same code share one queue: a worker of another version, which
 * might give other results, takes none of its jobs.
 */
export function queueName(code: string): string {
  return `runs-${PROTOCOL}-${code}`;
}

/** The key of a scenario, named by its content. */
export function scenarioKey(id: string): string {
  return `${QUEUE_PREFIX}:scenario:${id}`;
}

/** The key under which coordinators announce the version of the code that they need. */
export function announceKey(code: string): string {
  return `${QUEUE_PREFIX}:waiting:${code}`;
}

/** Exists while a coordinator runs. */
export function coordinatorKey(coordinator: string): string {
  return `${QUEUE_PREFIX}:coordinator:${coordinator}`;
}

/** A list of outcomes, each behind its run's id; only its coordinator takes from it. */
export function outcomesKey(coordinator: string): string {
  return `${QUEUE_PREFIX}:outcomes:${coordinator}`;
}

/** What a queued job carries. */
export interface QueuedRun {
  readonly coordinator: string;
  readonly scenario: string;
  readonly policy: number;
  readonly replication: number;
  /**
   * SHA-256 of each module that the run loads, by its path; a worker's file must have the same.
   */
  readonly modules: readonly { readonly file: string; readonly hash: string }[];
}
