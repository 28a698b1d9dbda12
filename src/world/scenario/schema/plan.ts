import { z } from "../../../base/zod.js";
import { duration, positiveDuration, positiveMultiple, price } from "./quantity.js";
import { valueRange } from "./value-range.js";

/**
 * A failure that the plan must survive all day, or a what-if that is answered beside the plan.
 */
const failure = z.union([
  z.strictObject({ hosts: z.number().int().min(1).describe("This many hosts are down all day.") }),
  z.strictObject({
    reclaim: z.number().gt(0).lt(1).describe("This share of the hosts of every region is taken back at the peak."),
    notice: duration.optional().describe("Time from the notice to the end of the hosts; none if left out."),
  }),
  z.strictObject({ region: z.string().min(1).describe("This region is down all day.") }),
  z.strictObject({
    demand: z.union([positiveMultiple, z.string()]).describe("Demand is multiplied by this, such as 1.2 or 120%."),
  }),
  z.strictObject({ spawn: z.union([positiveMultiple, z.string()]).describe("Spawn times are multiplied by this.") }),
  z.strictObject({ forecast: z.enum(["off"]).describe("off: the policy runs without its forecast.") }),
]);
export type WrittenFailure = z.infer<typeof failure>;

/** Prices of a host-hour besides `cost.hostHour`, which is the on-demand price. */
const prices = z.strictObject({
  committed: z
    .strictObject({
      hostHour: price.describe("Price of one committed host for one hour."),
      term: positiveDuration.optional().describe("How long a commitment is paid for, used or not."),
    })
    .optional()
    .describe("Hosts that are paid for whether they are used or not."),
  spot: z
    .strictObject({
      hostHour: price.describe("Price of one spot host for one hour."),
      share: z.number().gt(0).lt(1).describe("Share of the hosts that are spot."),
      notice: duration.optional().describe("Time from the notice to the end of the spot hosts; none if left out."),
    })
    .optional()
    .describe("Hosts that the provider may take back."),
});

const meanShare = z.number().gt(0).lt(1);

/** Bounds of means over days, beside the SLO of each day. */
const onAverage = z.strictObject({
  rejectedRatio: meanShare.optional().describe("Largest mean share of requests that are rejected."),
  abandonedRatio: meanShare.optional().describe("Largest mean share of requests that give up."),
  interruptedRatio: meanShare.optional().describe("Largest mean share of requests whose stream is cut."),
  waitProbability: meanShare.optional().describe("Largest mean share of requests that wait at all."),
  sloViolationMinutes: positiveMultiple.optional().describe("Largest mean number of violating minutes of a day."),
});

/**
 * The section `plan` of a scenario: what may be chosen, and which failures the choice must
 * survive. It is not part of the simulated world or of its hash.
 */
export const planSection = z.strictObject({
  variables: z
    .record(z.string().min(1), valueRange)
    .optional()
    .describe("What the plan may choose, each with its range or list."),
  survive: z.array(failure).max(20).optional().describe("Failures under which the choice must still meet the SLO."),
  whatIf: z.array(failure).max(20).optional().describe("Changes whose effect is shown beside the plan."),
  mayMiss: z
    .number()
    .int()
    .min(0)
    .max(5)
    .optional()
    .describe("Days of each sample that may miss the SLO; the sample grows, the promise stays."),
  onAverage: onAverage.optional().describe("Bounds of means over days, beside the SLO of each day."),
  confidence: z.number().gt(0.5).lt(1).optional().describe("Confidence with which the SLO must be proved."),
  prices: prices.optional().describe("Prices of hosts beside the one on demand."),
});
export type WrittenPlan = z.infer<typeof planSection>;
