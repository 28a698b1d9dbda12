import { z } from "zod";
import { duration, positiveCount, ratio } from "../quantity.js";
import { likeKubernetes, type PolicyKindSchema } from "./common.js";
import { checkHpa, hpaKnobs } from "./hpa.js";

const perSyncPeriod = positiveCount.max(100_000).optional();
const model = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("linear"),
    perSyncPeriod,
    historySize: positiveCount.max(100_000).optional(),
    lookAhead: duration.optional(),
  }),
  z.strictObject({
    type: z.literal("holt-winters"),
    perSyncPeriod,
    storedSeasons: positiveCount.max(1000).optional(),
    alpha: ratio.optional(),
    beta: ratio.optional(),
    gamma: ratio.optional(),
    seasonalPeriods: z.number().int().min(2).max(100_000).optional(),
    seasonal: z.enum(["additive", "multiplicative"]).optional(),
  }),
]);

export const phpaSchema: PolicyKindSchema = {
  knobs: {
    ...hpaKnobs,
    models: z.array(model).min(1).max(10).optional(),
    decision: z.enum(["maximum", "minimum", "mean", "median"]).optional(),
  },
  tickMs: 15_000,
  scrapeLagMs: 15_000,
  min: 1,
  scaleIn: likeKubernetes,
  check: checkHpa,
};
