import type { FleetObservation, Policy, ScaleDecision } from "../../ports/policy.js";

export interface StaticKnobs {
  /** Streamlets per pool. */
  readonly count: number;
}

export const staticReasons = ["fixed-count"] as const;

/** A fixed number of streamlets in each pool. */
export function createStatic(knobs: StaticKnobs): Policy {
  return {
    decide(observation: FleetObservation): ScaleDecision {
      return observation.pools.map(() => ({ desired: knobs.count, reason: "fixed-count" }));
    },
  };
}
