import { hostCount } from "../../world/build-fleet.js";
import { conservation } from "../../world/invariants.js";
import { measuredWindow } from "../../world/metrics.js";
import { recordedFields } from "../../world/recorded-fields.js";
import type { RunResult } from "../../world/run-result.js";
import type { LiveWorld } from "../run/live-world.js";

/**
 * The result of a live run, in the same record as a simulated one. Undefined if it ended within
 * the warm-up. Asserts first that counts are conserved.
 */
export function liveResult(world: LiveWorld, policy: string): RunResult | undefined {
  world.checkBooks();
  const { scenario, recorder, kernel } = world;
  const endMs = kernel.nowMs();
  if (!(endMs > scenario.warmupMs)) return undefined;
  const { warmupMs, cost, slo } = scenario;
  world.control.gateway.waitingRoom.visit((request) => recorder.onStillWaiting(request));
  return {
    policy,
    replication: 0,
    ...measuredWindow(recorder, { durationMs: endMs, warmupMs, cost, slo, hosts: hostCount(scenario) }),
    counts: conservation(recorder),
    ...recordedFields(recorder, endMs),
    events: kernel.events,
  };
}
