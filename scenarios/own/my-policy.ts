import type { CreatePolicy } from "headrace";

/** Room for what is open and waiting, and a share to spare; down by one streamlet at a time. */
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
