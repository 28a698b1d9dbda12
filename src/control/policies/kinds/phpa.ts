import {
  createPhpa,
  defaultHoltWintersModel,
  defaultLinearModel,
  defaultPhpaKnobs,
  type PhpaModel,
  phpaReasons,
} from "../phpa.js";
import { byUtilisation, plannedUtilisation } from "./aggressiveness.js";
import { checkHpa, hpaKnobs } from "./hpa.js";
import { described, type Knob, type Knobs, list, object, optional, optionals } from "./knob.js";
import { choice, duration, literal, number, ratio } from "./knob-values.js";
import { likeKubernetes, over, type PolicyKind } from "./policy-kind.js";

const upTo = (most: number): Knob => number({ whole: true, least: 1, most });
const perSyncPeriod = optional(upTo(100_000));
const model: Knob = {
  type: "variants",
  by: "type",
  of: [
    object({
      type: described("linear: a line through the last proposals.", literal("linear")),
      perSyncPeriod: described("The model runs at every n-th sync.", perSyncPeriod),
      ...optionals({
        historySize: described("Past proposals that are kept.", upTo(100_000)),
        lookAhead: described("How far ahead the line is read.", duration),
      }),
    }),
    object({
      type: described("holt-winters: triple exponential smoothing of the proposals.", literal("holt-winters")),
      perSyncPeriod: described("The model runs at every n-th sync.", perSyncPeriod),
      ...optionals({
        storedSeasons: described("Past seasons that are kept.", upTo(1000)),
        alpha: described("Smoothing of the level.", ratio),
        beta: described("Smoothing of the trend.", ratio),
        gamma: described("Smoothing of the season.", ratio),
        seasonalPeriods: described("Syncs in one season.", number({ whole: true, least: 2, most: 100_000 })),
        seasonal: described("Whether the season is added or multiplied.", choice("additive", "multiplicative")),
      }),
    }),
  ],
};

/** Each model over the defaults of its type. */
function withModels(knobs: Knobs): Knobs {
  if (knobs.models === undefined) return knobs;
  const models = knobs.models as readonly PhpaModel[];
  return {
    ...knobs,
    models: models.map((one) =>
      one.type === "linear" ? { ...defaultLinearModel, ...one } : { ...defaultHoltWintersModel, ...one },
    ),
  };
}

const create = over(defaultPhpaKnobs, createPhpa);

export const phpaKind: PolicyKind = {
  kind: "phpa",
  create: (knobs, context, make) => create(withModels(knobs), context, make),
  knobs: {
    ...hpaKnobs,
    ...optionals({
      models: described("Models that predict the proposals of the HPA.", list(model, 1, 10)),
      decision: described("Which of the proposals counts.", choice("maximum", "minimum", "mean", "median")),
    }),
  },
  check: checkHpa,
  runs: { tickMs: 15_000, scrapeLagMs: 15_000, min: 1, scaleIn: likeKubernetes },
  reasons: phpaReasons,
  aggressiveness: byUtilisation(["targetOpenStreams", "metrics"]),
  planned: plannedUtilisation(["metrics", "targetOpenStreams"]),
  within: ["hybrid"],
  docs: {
    imitates: "predictive-horizontal-pod-autoscaler",
    source: "jthomperoo (v0.13)",
    constants: "HPA, and a line through its last proposals read 10 s ahead (6 kept); CPU initialisation 30 s; maximum",
    decides: "every 15 s",
    metricsAge: "15 s",
  },
};
