import { z } from "zod";
import { duration } from "./quantity.js";
import { valueRange } from "./value-range.js";

/**
 * One failure that the plan must survive all day, or one what-if that is answered beside the plan.
 */
const failure = z.union([
  z.strictObject({ hosts: z.number().int().min(1) }),
  z.strictObject({ region: z.string().min(1) }),
  z.strictObject({ demand: z.union([z.number().gt(0), z.string()]) }),
  z.strictObject({ spawn: z.union([z.number().gt(0), z.string()]) }),
  z.strictObject({ forecast: z.enum(["off"]) }),
]);
export type WrittenFailure = z.infer<typeof failure>;

/** Prices of an hour of a host beside `cost.hostHour`, which is the price on demand. */
const prices = z.strictObject({
  committed: z.strictObject({ hostHour: z.number().min(0), term: duration.optional() }).optional(),
  spot: z
    .strictObject({ hostHour: z.number().min(0), share: z.number().gt(0).lt(1), notice: duration.optional() })
    .optional(),
});

/**
 * The section `plan` of a scenario: what may be chosen, and what the choice must survive. No part
 * of the world or of its hash.
 */
export const planSection = z.strictObject({
  variables: z.record(z.string().min(1), valueRange).optional(),
  survive: z.array(failure).max(20).optional(),
  whatIf: z.array(failure).max(20).optional(),
  confidence: z.number().gt(0.5).lt(1).optional(),
  prices: prices.optional(),
});
export type WrittenPlan = z.infer<typeof planSection>;
