import { CHALLENGERS } from "../../forecast/challengers.js";
import { FORECASTER_CHOICES } from "../predictive/forecaster-choice.js";
import { defaultPredictiveKnobs } from "../predictive/knobs.js";
import { createPredictive } from "../predictive/predictive.js";
import { type Aggressiveness, byBeta, withKnobs } from "./aggressiveness.js";
import { described, type KnobShape, type Knobs, list, optionals, ordered } from "./knob.js";
import { choice, duration, flag, number } from "./knob-values.js";
import { likeHeadrace, over, type PolicyKind } from "./policy-kind.js";

/**
 * Below a risk of 3·10⁻⁵ the quantile says nothing about surges larger than those seen. From
 * there on a share of the expected streams is added, 4 % per decade, as in a proportional policy.
 */
const LEAST_LEARNT_MISS = 0.00003;
const HEADROOM_PER_DECADE = 0.04;
const MISSES = [
  0.3,
  0.1,
  0.03,
  0.01,
  0.004,
  0.0015,
  0.0005,
  0.00015,
  LEAST_LEARNT_MISS,
  1e-6,
  1e-8,
  1e-10,
  1e-13,
  1e-14,
  1e-15,
];

const byQuantile: Aggressiveness = {
  knob: "1 − quantile",
  grid: MISSES,
  apply(knobs, value) {
    const without = ["violationPrice"];
    if (value >= LEAST_LEARNT_MISS) return withKnobs(knobs, { quantile: 1 - value }, without);
    const headroom = HEADROOM_PER_DECADE * Math.log10(LEAST_LEARNT_MISS / value);
    return withKnobs(knobs, { quantile: 1 - value, headroom: Number(headroom.toFixed(4)) }, without);
  },
};

const shared: KnobShape = optionals({
  quantile: described(
    "Probability that slots suffice until the next streamlets could be ready.",
    ordered("rising", number({ above: 0, below: 1 })),
  ),
  violationPrice: described(
    "What a violating minute costs in streamlet-hours; it sets the quantile.",
    ordered("rising", number({ above: 0 })),
  ),
  beta: described(
    "Spare slots as a multiple of the square root of the streams, in place of a learnt margin.",
    ordered("rising", number({ least: 0 })),
  ),
  headroom: described("Least margin as a share of the expected streams.", ordered("rising", number({ least: 0 }))),
  horizon: described(
    "How far ahead capacity is provided; left out, the measured spawn time (90 %) and a tick.",
    duration,
  ),
  safetyNet: described("Adds what square-root staffing asks for when forecast intervals do not hold.", flag),
});
const choosing: KnobShape = optionals({
  forecaster: described("The forecaster that the policy uses.", choice(...FORECASTER_CHOICES)),
  challengers: described(
    "Forecasters that are compared with it, and replace it once they are cheaper.",
    list(choice(...CHALLENGERS)),
  ),
});
const further: KnobShape = optionals({
  sharing: described("A pool with little traffic takes its share of the forecast of its region.", flag),
  survival: described("Open streams are projected by their age.", flag),
  warmPool: described("Keeps streamlets that are needed only later parked, if parked ones start faster.", flag),
  drainDelay: described("How long capacity must have been unneeded before it is removed.", ordered("rising", duration)),
});

export const predictiveKind: PolicyKind = {
  kind: "predictive",
  create: over(defaultPredictiveKnobs, createPredictive),
  knobs: { ...shared, ...choosing, ...further },
  runs: { tickMs: 5_000, scrapeLagMs: 0, min: 1, scaleIn: likeHeadrace },
  // A margin given as β is kept: sweeping the quantile would sweep another policy.
  aggressiveness: (knobs: Knobs) => (knobs.beta === undefined ? byQuantile : byBeta),
  planned: {
    key: "quantile",
    values: [0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999, 0.99997],
    unless: ["beta", "violationPrice"],
  },
  looksAtHolding: true,
  forecasts: true,
  within: ["hosts"],
  docs: {
    imitates: "Headrace's own",
    source: "this repository",
    constants: "see [policy-study.md](policy-study.md)",
    decides: "every 5 s",
    metricsAge: "0 s",
  },
};

/** A predictive policy whose forecaster is its name. */
function withForecaster(forecaster: "last-value" | "seasonal-naive"): PolicyKind {
  return {
    ...predictiveKind,
    kind: forecaster,
    create: over({ ...defaultPredictiveKnobs, forecaster, sharing: false }, createPredictive),
    knobs: { ...shared, ...further },
    docs: {
      imitates: "`predictive`, with this forecaster alone",
      source: "–",
      constants: "as `predictive`, without sharing",
      decides: "every 5 s",
      metricsAge: "0 s",
    },
  };
}

export const lastValueKind = withForecaster("last-value");
export const seasonalNaiveKind = withForecaster("seasonal-naive");
