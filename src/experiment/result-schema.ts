import { VERDICTS } from "../base/paired-verdict.js";
import { z } from "../base/zod.js";

const estimate = z.strictObject({
  mean: z
    .number()
    .describe("A mean over replications; a ratio or a percentile is computed from the pooled replications"),
  halfWidth: z
    .number()
    .min(0)
    .nullable()
    .describe("Of the confidence interval (jackknife over replications); null where n < 2 or one replication decides"),
  confidence: z.number(),
  n: z.number().int().min(1),
  atLeast: z
    .literal(true)
    .optional()
    .describe("A percentile beyond what the run shows: mean is a lower bound, and halfWidth is null"),
});

const sloOutcome = z.strictObject({
  met: z.number().int().min(0).describe("Replications that meet the whole SLO"),
  of: z.number().int().min(1),
  low: z.number().min(0).max(1).describe("Exact binomial interval of the share (Clopper and Pearson), 95 %, two-sided"),
  high: z.number().min(0).max(1),
  days: z.number().min(0).max(1).describe("The share that must meet it"),
  proved: z.boolean().describe("The one-sided exact 95 % lower bound of the share is at least days"),
});

const matchedEstimate = z.strictObject({
  value: z.number(),
  halfWidth: z.number().min(0).nullable(),
  n: z.number().int().min(1),
});
const matchedTable = z.strictObject({
  at: z.number().describe("The share of violating minutes, or the cost, that is matched"),
  baseline: z.string(),
  rows: z.array(
    z.strictObject({
      policy: z.string(),
      value: matchedEstimate.nullable().describe("null where no setting comes there"),
      setting: z
        .strictObject({
          value: z.number().nullable().describe("The knob's value; null = the policy has no knob"),
          how: z
            .enum(["interpolated", "tried"])
            .describe("Between two settings that lie close, or the cheapest setting tried that holds"),
          violationRatio: z.number().min(0).max(1).describe("The share of violating minutes there"),
        })
        .nullable()
        .describe("Where on its knob the policy meets the match"),
      relative: matchedEstimate.nullable().describe("(candidate − baseline) / baseline"),
      verdict: z
        .enum(VERDICTS)
        .nullable()
        .describe("null for the baseline, and where one of the two does not come there"),
      better: z.boolean().nullable(),
    }),
  ),
});
const frontier = z.strictObject({
  costMetric: z.enum(["cost", "streamletHours"]),
  currency: z.string().optional(),
  measuredMinutes: z.number(),
  policies: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.string(),
      knob: z.string().nullable(),
      points: z.array(
        z.strictObject({
          value: z.number().nullable(),
          cost: z.number(),
          violationRatio: z.number().min(0).max(1),
          failedDecisions: z
            .number()
            .min(0)
            .max(1)
            .optional()
            .describe(
              "Largest share of failed decisions of a user's policy in a replication; the setting matches nothing",
            ),
        }),
      ),
    }),
  ),
  costAtSlo: z.array(matchedTable),
  violationAtCost: z.array(matchedTable),
});
const spawnSweep = z.strictObject({
  violationRatio: z.number(),
  rows: z.array(
    z.strictObject({
      law: z.string(),
      latencyMs: z.number(),
      reactive: z
        .string()
        .nullable()
        .describe("The cheapest policy that does not forecast; null if none reaches the match"),
      cost: matchedEstimate.nullable(),
      predictive: z.string(),
      saving: matchedEstimate.nullable().describe("1 − cost of the predictive policy / cost of the reactive one"),
      pays: z.boolean().nullable(),
    }),
  ),
});

const trainer = z.strictObject({
  series: z.string().describe("A pool, or the pools that share a forecast"),
  startedWith: z.string(),
  champion: z.string().describe("The forecaster that served at the end"),
  trainings: z.number().int().min(0),
  failedTrainings: z.number().int().min(0),
  drifts: z.number().int().min(0),
  outages: z.number().int().min(0),
  costs: z
    .record(z.string(), z.number().min(0))
    .describe("Mean newsvendor cost per bin of each candidate, serving or in shadow, over the last week at most"),
  changes: z.array(
    z.strictObject({
      atMs: z.number(),
      kind: z.enum(["promoted", "demoted"]),
      champion: z.string().describe("The forecaster that serves from then on"),
      reason: z.string(),
      details: z.record(z.string(), z.number()),
    }),
  ),
});

/** result.json and the output of `--json`: the schema of ResultDocument. */
export const resultSchema = z.strictObject({
  scenario: z.strictObject({ name: z.string(), hash: z.string() }),
  seed: z.number().int(),
  version: z.string(),
  replications: z.number().int().min(1),
  currency: z.string().optional().describe("What costs are counted in, where the scenario names it"),
  policies: z
    .array(
      z.strictObject({
        name: z.string(),
        kind: z.string().describe("A built-in kind, or the path of a module as the scenario gives it"),
        metrics: z
          .record(z.string(), estimate)
          .describe("By metric; one that lacks what it needs (no slo, no cost) is left out"),
        series: z
          .array(
            z.strictObject({
              region: z.string(),
              format: z.string(),
              segment: z.string(),
              metrics: z.record(z.string(), estimate),
            }),
          )
          .optional()
          .describe("Service by region, format and segment; absent where the traffic has one series, or very many"),
        slo: sloOutcome.optional().describe("Absent without an SLO"),
        decisionReasons: z
          .record(z.string(), z.number().min(0))
          .describe("Decisions by reason, a refusal in brackets; mean per replication, over the whole run"),
        lostInWarmup: z
          .number()
          .min(0)
          .describe("Requests abandoned or rejected during the warm-up, which no metric counts; mean per replication"),
        rejections: z
          .record(z.string(), z.number().min(0))
          .describe("Rejected requests by reason; mean per replication, over the whole run"),
        trainers: z
          .array(trainer)
          .optional()
          .describe("Trainings and replacements of the forecasters in the first replication"),
        failures: z
          .strictObject({
            count: z.number().int().min(1),
            asked: z.number().int().min(1).describe("Times that the policy was asked"),
            firstAtMs: z.number(),
            message: z.string(),
            at: z.string().optional().describe("file:line:column in the user's module"),
          })
          .optional()
          .describe("Decisions that the user's policy did not come to, over all replications: no verdict on it"),
        unreadKnobs: z.array(z.string()).optional().describe("Knobs of the scenario that the module never read"),
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
      verdict: z
        .enum(VERDICTS)
        .optional()
        .describe(
          "Absent for a metric that is good in neither direction; same: rounding, or within 1 % of the baseline",
        ),
      better: z.boolean().nullable().describe("null where no difference is shown, or neither direction is better"),
      familywise: z
        .boolean()
        .optional()
        .describe("Whether the word survives a test over the whole table (step-down max-T, 5 %)"),
    }),
  ),
  frontier: frontier.optional().describe("With --frontier"),
  spawnSweep: spawnSweep.optional().describe("With --spawn-sweep"),
});
