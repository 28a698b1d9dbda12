import { type Distribution, distributionOf, type Law } from "../../base/distribution.js";
import type { FleetObservation, Policy, PolicyContext, PoolObservation, ScaleDecision } from "../../ports/policy.js";

export interface OnDemandKnobs {
  /** How long a streamlet may be empty; undefined = for ever. */
  readonly idleTimeout: Law | undefined;
  /** When a waiting request finds another slot, one spawn too many is cancelled, the youngest. */
  readonly cancelSurplus: boolean;
  /** Spawns under way at once per pool; 1 = staggered. */
  readonly spawnsAtOnce: number;
}

export const defaultOnDemandKnobs: OnDemandKnobs = {
  idleTimeout: undefined,
  cancelSurplus: true,
  spawnsAtOnce: Number.POSITIVE_INFINITY,
};

export const onDemandReasons = ["no-free-slot", "surplus-spawn", "enough"] as const;

/**
 * Without a free slot it creates a streamlet and retries. With one slot and exponential spawns this
 * is M/M/k/setup; with an idle time-out, M/M/k/setup/delayed-off (Gandhi, Doroudi, Harchol-Balter,
 * Scheller-Wolf 2013); with a long time-out, the scale-per-request model of function platforms. It
 * never removes a ready streamlet: the manager retires one that has been empty for the idle
 * time-out.
 */
export function createOnDemand(knobs: OnDemandKnobs, context: PolicyContext): Policy {
  const idleTimeout: Distribution | undefined =
    knobs.idleTimeout === undefined ? undefined : distributionOf(knobs.idleTimeout);
  const policy: Policy = {
    wakeOn: ["no-free-slot", "stream-ended", "streamlet-changed"],
    decide(observation: FleetObservation): ScaleDecision {
      return observation.pools.map((pool) => decidePool(knobs, pool));
    },
  };
  if (idleTimeout !== undefined) policy.idleTimeoutMs = () => idleTimeout.sample(context.random);
  return policy;
}

function decidePool(
  knobs: OnDemandKnobs,
  pool: PoolObservation,
): { desired: number; reason: (typeof onDemandReasons)[number] } {
  const needed = Math.min(Math.ceil(pool.waiting / pool.slots), knobs.spawnsAtOnce);
  const spawns = knobs.cancelSurplus ? needed : Math.max(needed, pool.spawning);
  const desired = Math.min(Math.max(pool.ready + spawns, pool.min), pool.max);
  if (spawns > pool.spawning) return { desired, reason: "no-free-slot" };
  return { desired, reason: spawns < pool.spawning ? "surplus-spawn" : "enough" };
}
