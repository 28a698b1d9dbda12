import type { StopReason } from "../ports/fleet.js";
import type { RejectReason } from "../ports/reasons.js";
import type { Scheduler } from "../ports/scheduler.js";
import type { DecisionRecord, Telemetry } from "../ports/telemetry.js";
import { DecisionWatch } from "../world/decision-watch.js";
import { EventWatch, type RequestEvents } from "../world/event-watch.js";
import { decisionNames } from "../world/pools.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { SimulatedRun } from "../world/simulate.js";
import { TelemetryTee } from "../world/telemetry-tee.js";
import type { FailureSummary } from "./failure-summary.js";
import type { Span } from "./instant.js";
import { loadUserModules } from "./module-file.js";
import { failureSummary } from "./policy-failures.js";

/** Decisions shown per pool at an instant: the one in force and those before it. */
const SHOWN = 6;
/** Decisions kept per pool for a range; a day at 2 s has 43,200. */
const MOST_KEPT = 50_000;
/** Events are counted over this time before an instant. */
const LOOK_BACK_MS = 60_000;

/** What one policy had decided for one pool by the end of a span. */
export interface Explanation {
  readonly policy: string;
  readonly pool: string;
  readonly atMs: number;
  /** At the end of the span. */
  readonly open: number;
  readonly ready: number;
  readonly spawning: number;
  readonly draining: number;
  readonly waiting: number;
  readonly desired: number;
  /**
   * Oldest first. At an instant: the last decisions up to it; the last one is in force. In a
   * range: those that changed the number, or that the control plane did not carry out unchanged.
   */
  readonly decisions: readonly DecisionRecord[];
}

/** What happened to requests and streamlets under one policy. */
export interface ExplainedEvents {
  readonly policy: string;
  readonly requests: readonly (Omit<RequestEvents, "rejected"> & {
    readonly region: string;
    readonly rejected: Readonly<Partial<Record<RejectReason, number>>>;
  })[];
  /** Failures of the policy's module up to the end of the span; absent if it never failed. */
  readonly failures?: FailureSummary;
  readonly ends: readonly { readonly pool: string; readonly reason: StopReason; readonly count: number }[];
}

/**
 * Decisions and events of replication 1 under every policy. Times are ms since the start of the
 * run.
 */
export interface ExplainedSpan {
  /** The range that `events` covers: the range asked for, or the minute before an instant. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly isRange: boolean;
  readonly pools: readonly Explanation[];
  readonly events: readonly ExplainedEvents[];
}

/**
 * Runs the first replication of every policy up to the end of a span, and returns what each saw and
 * decided.
 */
export async function explain(scenario: Scenario, { fromMs, toMs }: Span): Promise<ExplainedSpan> {
  const modules = await loadUserModules(scenario);
  const names = decisionNames(scenario);
  const isRange = fromMs < toMs;
  const countedFromMs = isRange ? fromMs : Math.max(0, toMs - LOOK_BACK_MS);
  const regions = scenario.traffic.regions;
  const pools: Explanation[] = [];
  const events: ExplainedEvents[] = [];
  for (const policy of scenario.policies) {
    const decisions = new DecisionWatch(names.length, isRange ? MOST_KEPT : SHOWN);
    let counted: EventWatch | undefined;
    const watch = (scheduler: Scheduler): Telemetry => {
      counted = new EventWatch(scheduler, countedFromMs, toMs, { regions: regions.length, pools: names.length });
      return new TelemetryTee(decisions, counted);
    };
    const run = new SimulatedRun(scenario, policy, modules, { watch });
    run.advance(toMs);
    for (const pool of run.control.pools) {
      pools.push({
        policy: policy.name,
        pool: names[pool.index],
        atMs: toMs,
        open: pool.open,
        ready: pool.ready.length,
        spawning: pool.spawning.length,
        draining: pool.draining.length,
        waiting: run.control.monitor.waitingAt(pool.index),
        desired: run.control.manager.desired(pool.index),
        decisions: isRange ? changesSince(decisions.lastOf(pool.index), fromMs) : decisions.lastOf(pool.index),
      });
    }
    const { policyFailures } = run.recorder.log;
    const failed = policyFailures === undefined ? {} : { failures: failureSummary([policyFailures], 1) };
    if (counted !== undefined) events.push({ ...eventsOf(policy.name, counted, regions, names), ...failed });
  }
  return { fromMs: countedFromMs, toMs, isRange, pools, events };
}

/** The decisions from an instant on that changed the number or were not carried out unchanged. */
function changesSince(decisions: readonly DecisionRecord[], fromMs: number): DecisionRecord[] {
  return decisions.filter((one, i) => {
    const isNews = i === 0 || one.desired !== decisions[i - 1].desired || one.refusal !== decisions[i - 1].refusal;
    return one.atMs >= fromMs && isNews;
  });
}

function eventsOf(
  policy: string,
  watch: EventWatch,
  regions: readonly string[],
  pools: readonly string[],
): ExplainedEvents {
  return {
    policy,
    requests: watch.requests.map(({ rejected, ...counts }, r) => ({
      region: regions[r],
      ...counts,
      rejected: Object.fromEntries(rejected),
    })),
    ends: watch.ends.flatMap((counts, p) =>
      Array.from(counts, ([reason, count]) => ({ pool: pools[p], reason, count })),
    ),
  };
}
