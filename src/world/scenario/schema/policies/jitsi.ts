import { defaultJitsiKnobs } from "../../../../control/policies/jitsi.js";
import { duration, positiveCount, ratio } from "../quantity.js";
import type { KnobFault, PolicyKindSchema } from "./common.js";

function checkJitsi(knobs: Readonly<Record<string, unknown>>): KnobFault[] {
  const { scaleUpThreshold, scaleDownThreshold } = { ...defaultJitsiKnobs, ...knobs };
  if (scaleDownThreshold < scaleUpThreshold) return [];
  return [
    {
      path: [knobs.scaleDownThreshold === undefined ? "scaleUpThreshold" : "scaleDownThreshold"],
      got: `scaleDownThreshold ${scaleDownThreshold}, scaleUpThreshold ${scaleUpThreshold}`,
      expected: "scaleDownThreshold < scaleUpThreshold",
      remedy: "The defaults are 0.3 and 0.8",
    },
  ];
}

/** Sidecars report every 30 s; the launcher takes the bridge with the fewest participants out, and never back (src/instance_launcher.ts). */
export const jitsiSchema: PolicyKindSchema = {
  knobs: {
    scaleUpThreshold: ratio.optional(),
    scaleDownThreshold: ratio.optional(),
    scaleUpQuantity: positiveCount.optional(),
    scaleDownQuantity: positiveCount.optional(),
    scaleUpPeriodsCount: positiveCount.max(10_000).optional(),
    scaleDownPeriodsCount: positiveCount.max(10_000).optional(),
    gracePeriod: duration.optional(),
    provisioningTtl: duration.optional(),
  },
  tickMs: 60_000,
  scrapeLagMs: 30_000,
  min: 1,
  scaleIn: { victims: "emptiest", undrain: false, lazy: false },
  check: checkJitsi,
};
