import type {
  FleetObservation,
  Policy,
  PolicyContext,
  PoolDecision,
  PoolObservation,
  ScaleDecision,
} from "../../ports/policy.js";

export interface SquareRootKnobs {
  /** Slots beyond the streams, in units of √streams. */
  readonly beta: number;
}

/**
 * β = 2: P(wait) would be about 2 % if capacity were instant (Halfin, Whitt 1981). The margin must
 * bridge the spawn and the tick.
 */
export const defaultSquareRootKnobs: SquareRootKnobs = { beta: 2 };

export const squareRootReasons = ["more-open", "fewer-open", "as-open", "no-metrics"] as const;
type SquareRootReason = (typeof squareRootReasons)[number];

/**
 * Square-root staffing on the present load, without a forecast: slots = open + waiting + β·√open
 * (Halfin, Whitt 1981), every 5 s, emptiest first, draining streamlets taken back. Streams on
 * draining streamlets count as open: they are part of the offered load, and without them a drain
 * would cause the next one. No product ships this policy, but it is hard to beat.
 */
export function createSquareRoot(knobs: SquareRootKnobs, _context: PolicyContext): Policy {
  return {
    decide(observation: FleetObservation): ScaleDecision {
      return observation.pools.map((pool) => decidePool(knobs, pool));
    },
  };
}

function decidePool(
  knobs: SquareRootKnobs,
  pool: PoolObservation,
): PoolDecision & { readonly reason: SquareRootReason } {
  if (pool.observedAtMs === Number.NEGATIVE_INFINITY) return { desired: pool.desired, reason: "no-metrics" };
  const open = pool.open + pool.openDraining;
  const margin = knobs.beta * Math.sqrt(open);
  const needed = Math.ceil((open + pool.waiting + margin) / pool.slots);
  const desired = Math.min(Math.max(needed, pool.min), pool.max);
  const reason = desired > pool.desired ? "more-open" : desired < pool.desired ? "fewer-open" : "as-open";
  return { desired, reason, details: { open, margin } };
}
