import type { PolicyKindSchema } from "./common.js";
import { likeHeadrace } from "./common.js";
import { hpaSchema } from "./hpa.js";
import { onDemandSchema } from "./on-demand.js";
import { predictiveSchema } from "./predictive.js";
import { staticSchema } from "./static.js";

/** The built-in policies that a scenario may name. */
export const policyKindSchemas: Readonly<Record<string, PolicyKindSchema>> = {
  static: staticSchema,
  "on-demand": onDemandSchema,
  hpa: hpaSchema,
  predictive: predictiveSchema,
};

/** How a user's module runs unless told otherwise; its knobs are its own affair. */
export const moduleDefaults: Omit<PolicyKindSchema, "knobs"> = {
  tickMs: 15_000,
  scrapeLagMs: 0,
  min: 1,
  scaleIn: likeHeadrace,
};
