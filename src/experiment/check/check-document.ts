import { z } from "../../base/zod.js";

const rowVerdict = z.enum(["identical", "same", "improved", "regressed", "cannot-tell"]);

const row = z.strictObject({
  scenario: z.string(),
  policy: z.string(),
  metric: z.string(),
  currency: z.string().optional().describe("Of a metric in money: the scenario's currency, where it names one"),
  against: z.enum(["baseline", "release"]).describe("The last accepted figures, or those of the last release"),
  verdict: rowVerdict,
  before: z.number(),
  now: z.number(),
  delta: z.number().describe("now − before"),
  halfWidth: z.number(),
  tolerance: z.number().describe("In the metric's unit"),
  p: z.number().describe("Of the sign-flip test, adjusted for all rows"),
  replications: z.int(),
  sees: z.number().nullable(),
  needs: z.number().nullable().describe("Replications that would tell; null where none are missing"),
});

const seen = z.strictObject({
  atMs: z.number(),
  open: z.number(),
  waiting: z.number(),
  ready: z.number(),
  spawning: z.number(),
});

const firstDivergence = z.strictObject({
  scenario: z.string(),
  policy: z.string(),
  atMs: z.number(),
  pool: z.string(),
  from: z.number().nullable().describe("Streamlets wanted before; null where nothing had been decided"),
  to: z.number().nullable(),
  reasons: z.tuple([z.string(), z.string()]).readonly(),
  saw: z.tuple([seen.nullable(), seen.nullable()]).readonly(),
});

const sloFailure = z.strictObject({
  scenario: z.string(),
  policy: z.string(),
  met: z.int(),
  of: z.int(),
  text: z.string(),
});

/** What `headrace check --json` prints. */
export const checkDocumentSchema = z.strictObject({
  verdict: rowVerdict,
  rows: z.array(row).readonly(),
  firstDivergence: firstDivergence.nullable().describe("The earliest decision that differs from the baseline's"),
  sees: z
    .number()
    .nullable()
    .describe(
      "The smallest relative change that the gate shows in 80 % of cases: of cost where it is gated, " +
        "else of the first metric; null = unknown (figures of 0), or none (too few replications)",
    ),
  sloFailures: z.array(sloFailure).readonly(),
  alpha: z.number(),
  version: z.string(),
});

/**
 * One metric of one policy of one scenario, against the last accepted figures or those of the last
 * release.
 */
export type CheckRow = z.infer<typeof row>;
/** The first decision of a policy that differs from its baseline. */
export type FirstDivergence = z.infer<typeof firstDivergence>;
/** A policy that misses the SLO of its scenario, in a gate that requires the SLO. */
export type SloFailure = z.infer<typeof sloFailure>;
export type CheckDocument = z.infer<typeof checkDocumentSchema>;
