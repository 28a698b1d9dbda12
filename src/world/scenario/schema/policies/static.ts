import { count } from "../quantity.js";
import { likeHeadrace, type PolicyKindSchema } from "./common.js";

export const staticSchema: PolicyKindSchema = {
  knobs: { count },
  tickMs: 15_000,
  scrapeLagMs: 0,
  min: 0,
  scaleIn: likeHeadrace,
};
