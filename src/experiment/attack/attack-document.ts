import { z } from "../../base/zod.js";

const interval = z.strictObject({
  mean: z.number(),
  halfWidth: z.number().nullable(),
  confidence: z.number(),
  n: z.int(),
});

const side = z.strictObject({
  policy: z.string(),
  met: z.int().describe("Replications that meet the SLO"),
  of: z.int(),
  excess: interval.describe("Largest share / allowed over the bounds of the SLO; 1 where all are met"),
  cost: interval.describe("In the scenario's currency; streamlet-hours where it has no prices"),
  turnsPerHour: interval.describe("Turns of the wanted count of the pool that turns most"),
});

const coverage = z.strictObject({
  worlds: z.int().describe("Worlds that were run"),
  refused: z
    .int()
    .describe("Worlds that were not: no valid scenario, too many requests, or more load than the fleet has slots"),
  runs: z.int().describe("Simulations"),
  features: z
    .int()
    .describe("Reasons, refusals, rejections, stops and missed bounds, each by the magnitude of its count"),
  reasons: z.array(z.string()).describe("Reasons of decisions of the attacked policy that were reached"),
});

/** What `headrace attack --json` prints. */
export const attackDocumentSchema = z.strictObject({
  found: z.boolean(),
  goal: z.strictObject({
    kind: z.enum(["slo", "loss", "oscillation"]),
    bound: z.number().describe("The factor, or turns per hour"),
  }),
  policy: z.string(),
  against: z.string().nullable(),
  sentence: z.string(),
  scenario: z.string().nullable().describe("The file that replays it; null where nothing was found"),
  ratio: z
    .strictObject({ ratio: z.number(), low: z.number().nullable(), high: z.number().nullable(), n: z.int() })
    .nullable()
    .describe("Geometric mean of the paired ratios with its 95 % interval, on seeds that the search never used"),
  sides: z.array(side),
  removed: z.array(z.string()).describe("What was taken away to make the world smaller, in order"),
  coverage,
  seed: z.int(),
  version: z.string(),
});
export type AttackDocument = z.infer<typeof attackDocumentSchema>;
