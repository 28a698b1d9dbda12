import { expectedArrivals } from "../world/history.js";
import type { Scenario } from "../world/scenario/scenario.js";

/** An arrival and a departure. */
const EVENTS_PER_REQUEST = 2;
/** A decision of the evening-peak HPA takes 6.5 µs, an event 0.45. */
const EVENTS_PER_TICK = 15;
/** From here on a run takes 10 s or more. */
const LONG_RUN_EVENTS = 2e7;

/** One run, as passed to `runJobs`. */
export interface PlannedRun {
  readonly scenario: Scenario;
  readonly policy: number;
}

/** The work of a run in events, with its ticks. Fits and a user's modules come on top. */
export function expectedEvents({ scenario, policy }: PlannedRun): number {
  const { durationMs, traffic, policies } = scenario;
  const requests = expectedArrivals(traffic.source, 0, durationMs);
  return EVENTS_PER_REQUEST * requests + EVENTS_PER_TICK * (durationMs / policies[policy].tickMs);
}

/** Whether collections of a thread's old space hardly count in the run's time. */
export function isLongRun(run: PlannedRun): boolean {
  return expectedEvents(run) > LONG_RUN_EVENTS;
}
