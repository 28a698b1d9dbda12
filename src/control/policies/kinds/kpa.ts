import { createKpa, defaultKpaKnobs, kpaReasons } from "../kpa.js";
import { byUtilisation, plannedUtilisation } from "./aggressiveness.js";
import { described, optionals, ordered } from "./knob.js";
import { duration, number, positiveCount, positiveDuration } from "./knob-values.js";
import { likeKubernetes, over, type PolicyKind } from "./policy-kind.js";

/**
 * Ranges as config-autoscaler's own validation has them (knative/serving pkg/autoscaler/config).
 */
export const kpaKind: PolicyKind = {
  kind: "kpa",
  create: over(defaultKpaKnobs, createKpa),
  knobs: optionals({
    concurrencyTarget: described(
      "Streams that one streamlet is to carry at 100 %; left out, its slots.",
      number({ least: 0.01 }),
    ),
    targetUtilisation: described(
      "Share of concurrencyTarget at which the policy aims.",
      ordered("falling", number({ above: 0, most: 1 })),
    ),
    targetBurstCapacity: described(
      "Burst of streams that free capacity should take; above it requests pass the activator.",
      number({ least: -1 }),
    ),
    stableWindow: described("Time over which load is averaged outside of panic.", positiveDuration),
    panicWindowPercentage: described(
      "Length of the panic window in per cent of the stable window.",
      number({ least: 1, most: 100 }),
    ),
    panicThresholdPercentage: described(
      "Load in per cent of the ready capacity from which panic begins.",
      number({ least: 110, most: 1000 }),
    ),
    maxScaleUpRate: described(
      "Most streamlets after a decision, as a multiple of the ready ones.",
      number({ above: 1 }),
    ),
    maxScaleDownRate: described("Largest factor by which one decision may shrink a pool.", number({ above: 1 })),
    scaleToZeroGracePeriod: described("How long the last streamlet stays after the decision for zero.", duration),
    scaleDownDelay: described("Time for which a lower load must last before a pool shrinks.", duration),
    activationScale: described("Streamlets with which a pool starts from zero.", positiveCount),
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
      "70 % of `slots`; windows 60 s and 6 s of 1 s buckets; panic at 200 " +
      "%; rates 1000 and 2; burst capacity 211; grace 30 s; delay 0; min 0",
    decides: "every 2 s, and at once from zero",
    metricsAge: "1 s",
  },
};
