import { z } from "../../base/zod.js";

const plain = z.union([z.string(), z.number(), z.boolean()]);
const settingValues = z.record(z.string(), plain).describe("Path → value");

const interval = z.strictObject({
  mean: z.number(),
  halfWidth: z.number().nullable(),
  confidence: z.number(),
  n: z.int(),
});

const sloOutcome = z.strictObject({
  met: z.int(),
  of: z.int(),
  low: z.number(),
  high: z.number(),
  days: z.number(),
  proved: z.boolean(),
});

const setting = z.strictObject({
  values: settingValues,
  policy: z.string(),
  cost: interval,
  slo: sloOutcome.nullable(),
  meets: z.boolean().nullable().describe("Null without an SLO"),
});

const best = setting.extend({
  costMetric: z.enum(["cost", "streamletHours"]),
  runnerUp: z
    .strictObject({
      values: settingValues,
      policy: z.string(),
      delta: z.number(),
      halfWidth: z.number().nullable(),
    })
    .nullable()
    .describe("The next setting of the same standing: how much dearer it is, paired over the seeds"),
});

const effect = z.strictObject({
  path: z.string(),
  value: plain,
  policy: z.string(),
  points: z.int(),
  cost: interval,
  met: z.number().nullable().describe("Share of replications that meet the SLO; null without one"),
});

/** What `headrace sweep --json` prints. */
export const sweepDocumentSchema = z.strictObject({
  runs: z.int(),
  done: z.int(),
  failed: z.int(),
  hash: z.string().describe("Over the sorted results: the same for every engine"),
  best: best.nullable(),
  settings: z.array(setting).readonly(),
  effects: z.array(effect).readonly(),
  currency: z.string().optional().describe("What costs are counted in, where all scenarios name the same one"),
  scenario: z.strictObject({ name: z.string() }),
  version: z.string(),
});

export type SettingValues = z.infer<typeof settingValues>;
/** One point under one policy. */
export type SettingFigures = z.infer<typeof setting>;
export type SweepBest = z.infer<typeof best>;
/** The mean over all points that have one value of one axis. */
export type EffectRow = z.infer<typeof effect>;
export type SweepDocument = z.infer<typeof sweepDocumentSchema>;
