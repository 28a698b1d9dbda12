import { builtInPolicies } from "../control/policies/registry.js";
import { expectedArrivals } from "../world/history.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { modulesOfRun } from "./run-modules.js";

/**
 * A thread takes 0.25 s of CPU time to start: the time of half a million events. With less work a
 * second thread costs more than it brings (mm10: 1.64 s of CPU with two threads, 1.40 with one).
 */
const EVENTS_PER_THREAD = 500_000;
/** An arrival and a departure. */
const EVENTS_PER_REQUEST = 2;
/** A decision of the evening-peak HPA takes 6.5 µs, an event 0.45. */
const EVENTS_PER_TICK = 15;

/** One run, as passed to `runJobs`. */
interface PlannedRun {
  readonly scenario: Scenario;
  readonly policy: number;
}

/**
 * How many threads these runs keep busy, at least 1. Infinity if the scenario does not show the
 * work: a forecasting policy fits its models, and a user's module may do anything.
 */
export function usefulThreads(runs: readonly PlannedRun[]): number {
  let events = 0;
  for (const { scenario, policy } of runs) {
    const { kind, tickMs } = scenario.policies[policy];
    const known = builtInPolicies.get(kind);
    if (known === undefined || known.looksAtHolding || known.forecasts) return Number.POSITIVE_INFINITY;
    if (modulesOfRun(scenario, policy).length > 0) return Number.POSITIVE_INFINITY;
    const { durationMs, traffic } = scenario;
    events += EVENTS_PER_REQUEST * expectedArrivals(traffic.source, 0, durationMs);
    events += EVENTS_PER_TICK * (durationMs / tickMs);
  }
  return Math.max(1, Math.ceil(events / EVENTS_PER_THREAD));
}
