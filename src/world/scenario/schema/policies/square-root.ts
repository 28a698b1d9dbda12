import { z } from "zod";
import { likeHeadrace, type PolicyKindSchema } from "./common.js";

export const squareRootSchema: PolicyKindSchema = {
  knobs: { beta: z.number().min(0).max(1000).optional() },
  tickMs: 5_000,
  scrapeLagMs: 0,
  min: 1,
  scaleIn: likeHeadrace,
};
