import { z } from "zod";
import { likeHeadrace, type PolicyKindSchema } from "./common.js";
import { predictiveSchema } from "./predictive.js";

/** Kinds that can stand on a predictive floor: those that decide by what is there now. On-demand retires what is idle, floor or not. */
export const reactiveKinds = [
  "static",
  "schedule",
  "hpa",
  "kpa",
  "keda",
  "aws-target-tracking",
  "aws-step",
  "phpa",
  "jitsi",
  "square-root",
] as const;

/** The knobs of `reactive` are checked in a second step, once its kind is known. */
export const hybridSchema: PolicyKindSchema = {
  ...predictiveSchema,
  knobs: { ...predictiveSchema.knobs, reactive: z.looseObject({ kind: z.string().min(1) }).optional() },
  scaleIn: likeHeadrace,
};
