import { z } from "zod";
import { openDurationLaw } from "../law.js";
import { positiveCount } from "../quantity.js";
import { likeHeadrace, type PolicyKindSchema } from "./common.js";

export const onDemandSchema: PolicyKindSchema = {
  knobs: {
    idleTimeout: openDurationLaw.optional(),
    cancelSurplus: z.boolean().optional(),
    spawnsAtOnce: positiveCount.optional(),
  },
  tickMs: Number.POSITIVE_INFINITY,
  scrapeLagMs: 0,
  min: 0,
  scaleIn: likeHeadrace,
};
