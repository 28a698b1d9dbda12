import { createJitsi, defaultJitsiKnobs, jitsiReasons } from "../jitsi.js";
import { utilisations, withKnobs } from "./aggressiveness.js";
import { described, type Knobs, optionals, ordered } from "./knob.js";
import { duration, number, positiveCount, ratio } from "./knob-values.js";
import { type KnobFault, over, type PolicyKind } from "./policy-kind.js";

const periods = number({ whole: true, least: 1, most: 10_000 });

function check(knobs: Knobs): KnobFault[] {
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

/**
 * Sidecars report every 30 s. The launcher removes the bridge with the fewest participants, and
 * never takes one back (src/instance_launcher.ts).
 */
export const jitsiKind: PolicyKind = {
  kind: "jitsi",
  create: over(defaultJitsiKnobs, createJitsi),
  knobs: optionals({
    scaleUpThreshold: described(
      "Mean stress (open streams per slot) from which a period counts towards scaling up.",
      ordered("falling", ratio),
    ),
    scaleDownThreshold: described("Mean stress below which a period counts towards scaling down.", ratio),
    scaleUpQuantity: described("Streamlets that are added at a time.", positiveCount),
    scaleDownQuantity: described("Streamlets that are removed at a time.", positiveCount),
    scaleUpPeriodsCount: described("Periods in a row that must ask for more.", periods),
    scaleDownPeriodsCount: described("Periods in a row that must ask for fewer.", periods),
    gracePeriod: described("Time after a change in which there is no other.", duration),
    provisioningTtl: described("Time after which a launch that is not ready is given up and replaced.", duration),
  }),
  check,
  runs: {
    tickMs: 60_000,
    scrapeLagMs: 30_000,
    min: 1,
    scaleIn: { victims: "emptiest", undrain: false, lazy: false },
  },
  reasons: jitsiReasons,
  aggressiveness: () => ({
    knob: "scaleUpThreshold",
    grid: utilisations,
    // Down at 3/8 of up, as in the defaults: 0.8 and 0.3.
    apply: (knobs, value) => withKnobs(knobs, { scaleUpThreshold: value, scaleDownThreshold: (value * 3) / 8 }),
  }),
  within: ["hybrid"],
  docs: {
    imitates: "Jitsi autoscaler, JVB groups",
    source: "jitsi/jitsi-autoscaler",
    constants: "stress ≥ 0.8 in 2 periods: +1; < 0.3 in 4: −1; grace 480 s; launches given up after 900 s",
    decides: "every 60 s",
    metricsAge: "30 s",
  },
};
