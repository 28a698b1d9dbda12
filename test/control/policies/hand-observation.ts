import { RandomStream } from "../../../src/base/random.js";
import { HoldingTimes } from "../../../src/control/monitor/holding-times.js";
import { NO_METRICS } from "../../../src/control/monitor/scrapes.js";
import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
} from "../../../src/ports/policy.js";

/** A pool as a policy sees it, ready with metrics of this instant unless said otherwise. */
export function poolSeen(nowMs: number, more: Partial<PoolObservation>): PoolObservation {
  const ready = more.ready ?? 1;
  return {
    name: "eu",
    region: "eu",
    slots: 8,
    min: 1,
    max: 1000,
    ready,
    spawning: 0,
    draining: 0,
    parked: 0,
    desired: ready + (more.spawning ?? 0),
    observedAtMs: nowMs,
    ...NO_METRICS,
    observedReady: ready,
    ...more,
  };
}

/** The fleet as a policy sees it, with this one pool. */
export function fleetSeen(
  nowMs: number,
  pool: PoolObservation,
  trigger: FleetObservation["trigger"] = "tick",
): FleetObservation {
  return {
    nowMs,
    trigger,
    triggerPool: trigger === "tick" || trigger === "start" ? -1 : 0,
    pools: [pool],
    history: { binMs: 300_000, originMs: 0, epochMs: 0, length: 0, at: () => Number.NaN },
    holding: new HoldingTimes(1, new Float64Array(0), { nowMs: () => 0 }).past,
    spawn: { quantileMs: () => Number.NaN },
    warmStart: { quantileMs: () => Number.NaN },
  };
}

export const handContext: PolicyContext = {
  pools: [{ name: "eu", region: "eu", slots: 8, min: 1, max: 1000 }],
  tickMs: 15_000,
  random: new RandomStream("policy"),
};

/** What a policy says of one pool at one instant. */
export function decisionOf(policy: Policy, nowMs: number, pool: Partial<PoolObservation>): PoolDecision {
  const [decision] = policy.decide(fleetSeen(nowMs, poolSeen(nowMs, pool)), nowMs);
  if (decision === undefined) throw new Error("the policy left the pool out");
  return decision;
}
