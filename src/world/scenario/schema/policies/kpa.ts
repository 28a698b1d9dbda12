import { z } from "zod";
import { duration, positiveDuration } from "../quantity.js";
import { likeKubernetes, type PolicyKindSchema } from "./common.js";

/** Ranges as config-autoscaler's own validation has them (knative/serving pkg/autoscaler/config). */
export const kpaSchema: PolicyKindSchema = {
  knobs: {
    concurrencyTarget: z.number().min(0.01).optional(),
    targetUtilisation: z.number().gt(0).max(1).optional(),
    targetBurstCapacity: z.number().min(-1).optional(),
    stableWindow: positiveDuration.optional(),
    panicWindowPercentage: z.number().min(1).max(100).optional(),
    panicThresholdPercentage: z.number().min(110).max(1000).optional(),
    maxScaleUpRate: z.number().gt(1).optional(),
    maxScaleDownRate: z.number().gt(1).optional(),
    scaleToZeroGracePeriod: duration.optional(),
    scaleDownDelay: duration.optional(),
    activationScale: z.number().int().min(1).optional(),
  },
  tickMs: 2_000,
  scrapeLagMs: 1_000,
  min: 0,
  scaleIn: likeKubernetes,
};
