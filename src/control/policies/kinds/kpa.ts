import { createKpa, defaultKpaKnobs, kpaReasons } from "../kpa.js";
import { byUtilisation, plannedUtilisation } from "./aggressiveness.js";
import { duration, number, optionals, ordered, positiveCount, positiveDuration } from "./knob.js";
import { likeKubernetes, over, type PolicyKind } from "./policy-kind.js";

/**
 * Ranges as config-autoscaler's own validation has them (knative/serving pkg/autoscaler/config).
 */
export const kpaKind: PolicyKind = {
  kind: "kpa",
  create: over(defaultKpaKnobs, createKpa),
  knobs: optionals({
    concurrencyTarget: number({ least: 0.01 }),
    targetUtilisation: ordered("falling", number({ above: 0, most: 1 })),
    targetBurstCapacity: number({ least: -1 }),
    stableWindow: positiveDuration,
    panicWindowPercentage: number({ least: 1, most: 100 }),
    panicThresholdPercentage: number({ least: 110, most: 1000 }),
    maxScaleUpRate: number({ above: 1 }),
    maxScaleDownRate: number({ above: 1 }),
    scaleToZeroGracePeriod: duration,
    scaleDownDelay: duration,
    activationScale: positiveCount,
  }),
  runs: { tickMs: 2_000, scrapeLagMs: 1_000, min: 0, scaleIn: likeKubernetes },
  reasons: kpaReasons,
  aggressiveness: byUtilisation(),
  planned: plannedUtilisation(),
  within: ["hybrid"],
  docs: {
    imitates: "Knative Pod Autoscaler",
    source: "knative/serving `pkg/autoscaler` (1.x)",
    constants:
      "70 % of `slots`; windows 60 s and 6 s of 1 s buckets; panic at 200 %; rates 1000 and 2; burst capacity 211; grace 30 s; delay 0; min 0",
    looks: "2 s / 1 s, at once from zero",
  },
};
