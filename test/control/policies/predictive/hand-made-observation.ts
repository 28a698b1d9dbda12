import type {
  ArrivalHistory,
  FleetObservation,
  HoldingView,
  Policy,
  PoolDecision,
  PoolObservation,
} from "../../../../src/ports/policy.js";
import { poolSeen } from "../hand-observation.js";

/** Streams hold exponentially with a mean of ten minutes; `open` are those open now, of any age. */
export function exponentialHolding(open: number, meanMs = 600_000): HoldingView {
  return {
    meanMs,
    survival: (ageMs) => Math.exp(-ageMs / meanMs),
    integratedSurvivalMs: (horizonMs) => meanMs * (1 - Math.exp(-horizonMs / meanMs)),
    survivors: (_pool, aheadMs) => open * Math.exp(-aheadMs / meanMs),
  };
}

/** Five-minute bins that end at t=0. */
export function pastBins(counts: readonly number[]): ArrivalHistory {
  return {
    binMs: 300_000,
    originMs: -300_000 * counts.length,
    epochMs: Date.UTC(2026, 0, 5),
    length: counts.length,
    at: (_pool, bin) => counts[bin],
  };
}

/** A pool of ten ready eight-slot streamlets at t=0. */
export function pool(more: Partial<PoolObservation> = {}): PoolObservation {
  return poolSeen(0, { name: "pool", ready: 10, ...more });
}

/** An observation of one pool; spawns were measured to take 30 s. */
export function observation(
  nowMs: number,
  seen: Partial<PoolObservation>,
  more: Partial<FleetObservation> = {},
): FleetObservation {
  const one = pool({ observedAtMs: nowMs, ...seen });
  return {
    nowMs,
    trigger: "tick",
    pools: [one],
    history: pastBins([]),
    holding: exponentialHolding(one.open + one.openDraining),
    spawn: { quantileMs: () => 30_000 },
    warmStart: { quantileMs: () => Number.NaN },
    ...more,
  };
}

/** The decision for the first pool, with a copy of its details: the policy writes over them. */
export function firstDecision(policy: Policy, seen: FleetObservation): PoolDecision | undefined {
  const [decision] = policy.decide(seen, seen.nowMs);
  return decision?.details === undefined ? decision : { ...decision, details: { ...decision.details } };
}
