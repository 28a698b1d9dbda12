import { builtInPolicies } from "../control/policies/registry.js";
import { expectedEvents, type PlannedRun } from "./expected-events.js";
import { modulesOfRun } from "./run-modules.js";

/**
 * A thread takes 0.25 s of CPU time to start: the time of half a million events. With less work a
 * second thread costs more than it brings (mm10: 1.64 s of CPU with two threads, 1.40 with one).
 */
const EVENTS_PER_THREAD = 500_000;
/**
 * How many threads these runs keep busy, at least 1. Infinity if the scenario does not show the
 * work: a forecasting policy fits its models, and a user's module may do anything.
 */
export function usefulThreads(runs: readonly PlannedRun[]): number {
  let events = 0;
  for (const run of runs) {
    const { scenario, policy } = run;
    const { kind } = scenario.policies[policy];
    const known = builtInPolicies.get(kind);
    if (known === undefined || known.looksAtHolding || known.forecasts) return Number.POSITIVE_INFINITY;
    if (modulesOfRun(scenario, policy).length > 0) return Number.POSITIVE_INFINITY;
    events += expectedEvents(run);
  }
  return Math.max(1, Math.ceil(events / EVENTS_PER_THREAD));
}
