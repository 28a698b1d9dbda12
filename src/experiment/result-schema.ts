import { z } from "zod";

const estimate = z.strictObject({
  mean: z.number(),
  halfWidth: z.number().min(0).nullable().describe("Of the confidence interval; null where n < 2"),
  confidence: z.number(),
  n: z.number().int().min(1),
});

/** result.json and the output of `--json`: the schema of ResultDocument. */
export const resultSchema = z.strictObject({
  scenario: z.strictObject({ name: z.string(), hash: z.string() }),
  seed: z.number().int(),
  version: z.string(),
  replications: z.number().int().min(1),
  policies: z
    .array(
      z.strictObject({
        name: z.string(),
        kind: z.string().describe("A built-in kind, or the path of a module as the scenario gives it"),
        metrics: z
          .record(z.string(), estimate)
          .describe("By metric; one that lacks what it needs (no slo, no cost) is left out"),
        decisionReasons: z
          .record(z.string(), z.number().min(0))
          .describe("Decisions by reason, a refusal in brackets; mean per replication, over the whole run"),
      }),
    )
    .min(1),
  comparisons: z.array(
    z.strictObject({
      baseline: z.string(),
      candidate: z.string(),
      metric: z.string(),
      delta: z.number().describe("candidate − baseline"),
      halfWidth: z.number().min(0).nullable(),
      better: z.boolean().nullable().describe("null where no difference is shown, or neither direction is better"),
    }),
  ),
});
