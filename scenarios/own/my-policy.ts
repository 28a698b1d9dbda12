import type { CreatePolicy } from "headrace";

/** Slots for the open and waiting streams and a spare share; scales in by one streamlet a tick. */
export const createPolicy: CreatePolicy = (knobs) => {
  const spare = Number(knobs.spare ?? 0.2);
  return {
    wakeOn: ["no-free-slot"], // decide between ticks, too
    decide: (observation) =>
      observation.pools.map((pool) => {
        const needed = Math.ceil(((pool.open + pool.waiting) * (1 + spare)) / pool.slots);
        if (needed >= pool.desired) return { desired: needed, reason: "demand-and-spare" };
        return { desired: pool.desired - 1, reason: "one-step-down" };
      }),
  };
};
