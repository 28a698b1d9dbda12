import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../ports/policy.js";
import { type CronSchedule, lastFiring, parseCron } from "./cron.js";

/** From each firing of `cron` on, `count` streamlets per pool. */
interface ScheduleEntry {
  readonly cron: string;
  readonly count: number;
}

export interface ScheduleKnobs {
  readonly entries: readonly ScheduleEntry[];
  /** Before any entry has ever fired; undefined = the minimum. */
  readonly otherwise: number | undefined;
  /** Offset from UTC of the times of day in the entries (ms). */
  readonly utcOffset: number;
}

export const defaultScheduleKnobs: ScheduleKnobs = { entries: [], otherwise: undefined, utcOffset: 0 };

export const scheduleReasons = ["scheduled", "before-first-entry"] as const;
type ScheduleReason = (typeof scheduleReasons)[number];

/**
 * Scheduled scaling, as in cron-driven autoscalers (EC2 scheduled actions, KEDA's cron scaler):
 * the entry that fired last applies. It depends on the clock only. If two fire together, the
 * later one in the list counts.
 */
export function createSchedule(knobs: ScheduleKnobs, _context: PolicyContext): Policy {
  const entries = knobs.entries.map(({ cron, count }) => ({ cron: parsed(cron), count }));
  return {
    decide(observation: FleetObservation, nowMs: number): ScaleDecision {
      const localMs = observation.history.epochMs + nowMs + knobs.utcOffset;
      const count = countAt(entries, localMs);
      return observation.pools.map((pool) => decidePool(pool, count, knobs.otherwise));
    },
  };
}

function parsed(cron: string): CronSchedule {
  const schedule = parseCron(cron, "vixie");
  if (typeof schedule === "string") throw new Error(`cron expression "${cron}": ${schedule}`);
  return schedule;
}

function countAt(
  entries: readonly { readonly cron: CronSchedule; readonly count: number }[],
  atMs: number,
): number | undefined {
  let newest = Number.NEGATIVE_INFINITY;
  let inForce: number | undefined;
  for (const { cron, count } of entries) {
    const firedAtMs = lastFiring(cron, atMs);
    if (firedAtMs === undefined || firedAtMs < newest) continue;
    newest = firedAtMs;
    inForce = count;
  }
  return inForce;
}

function decidePool(
  pool: PoolObservation,
  count: number | undefined,
  otherwise: number | undefined,
): PoolDecision & { readonly reason: ScheduleReason } {
  const desired = Math.min(Math.max(count ?? otherwise ?? pool.min, pool.min), pool.max);
  return { desired, reason: count === undefined ? "before-first-entry" : "scheduled" };
}
