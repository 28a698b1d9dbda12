import { z } from "zod";
import { count, duration, positiveCount } from "../quantity.js";
import { likeKubernetes, type PolicyKindSchema } from "./common.js";

const ratePolicy = z.strictObject({ type: z.enum(["Pods", "Percent"]), value: positiveCount, period: duration });
const direction = z.strictObject({
  stabilisationWindow: duration.optional(),
  tolerance: z.number().min(0).optional(),
  select: z.enum(["Max", "Min", "Disabled"]).optional(),
  policies: z.array(ratePolicy).optional(),
});

export const hpaSchema: PolicyKindSchema = {
  knobs: {
    targetUtilisation: z.number().gt(0).max(10).optional(),
    targetOpenStreams: z.number().gt(0).optional(),
    tolerance: z.number().min(0).optional(),
    scaleUp: direction.optional(),
    scaleDown: direction.optional(),
    initialReadinessDelay: duration.optional(),
    minReadySeconds: count.optional(),
  },
  tickMs: 15_000,
  scrapeLagMs: 15_000,
  min: 1,
  scaleIn: likeKubernetes,
};
