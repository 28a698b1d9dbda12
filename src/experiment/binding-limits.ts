import { formatCount } from "../base/units.js";
import type { ResultDocument } from "./result.js";

type PolicyResult = ResultDocument["policies"][number];

/** The limit behind each refusal in a decision's brackets. */
const LIMITS: ReadonlyMap<string, string> = new Map([
  ["no-host-room", "host room"],
  ["fleet-max", "the fleet’s max"],
  ["above-max", "its max"],
  ["restart-backoff", "spawn back-off"],
]);
/** A limit that affected fewer decisions did not shape the result. */
const LEAST_SHARE = 0.005;

/**
 * The limits that prevented a policy's decisions, the most frequent first: host room, max, spawn
 * back-off (each in at least 0.5 % of its decisions) and the waiting room. Means per replication,
 * over the whole run.
 */
export function bindingLimits({ decisionReasons, rejections }: PolicyResult): string[] {
  let decisions = 0;
  const short = new Map<string, number>();
  for (const [reason, count] of Object.entries(decisionReasons)) {
    decisions += count;
    const limit = LIMITS.get(/\(([^()]+)\)$/.exec(reason)?.[1] ?? reason);
    if (limit !== undefined) short.set(limit, (short.get(limit) ?? 0) + count);
  }
  const limits = [...short]
    .filter(([, count]) => count >= LEAST_SHARE * decisions)
    .sort((a, b) => b[1] - a[1])
    .map(
      ([limit, count]) =>
        `${limit} (${formatCount(Math.round(count))} of ${formatCount(Math.round(decisions))} decisions)`,
    );
  const refused = rejections["waiting-room-full"] ?? 0;
  return refused > 0 ? [...limits, `the waiting room (${formatCount(Math.round(refused))} requests refused)`] : limits;
}
