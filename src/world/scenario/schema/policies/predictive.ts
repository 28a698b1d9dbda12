import { z } from "zod";
import { CHALLENGERS } from "../../../build-trainer.js";
import { duration } from "../quantity.js";
import { likeHeadrace, type PolicyKindSchema } from "./common.js";

export const predictiveSchema: PolicyKindSchema = {
  knobs: {
    quantile: z.number().gt(0).lt(1).optional(),
    violationPrice: z.number().gt(0).optional(),
    beta: z.number().min(0).optional(),
    headroom: z.number().min(0).optional(),
    horizon: duration.optional(),
    safetyNet: z.boolean().optional(),
    forecaster: z.enum(["ensemble", "trained", "seasonal-naive", "last-value", "none"]).optional(),
    challengers: z.array(z.enum(CHALLENGERS)).optional(),
    sharing: z.boolean().optional(),
    survival: z.boolean().optional(),
    warmPool: z.boolean().optional(),
    drainDelay: duration.optional(),
  },
  tickMs: 5_000,
  scrapeLagMs: 0,
  min: 1,
  scaleIn: likeHeadrace,
};
