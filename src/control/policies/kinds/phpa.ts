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
import {
  choice,
  duration,
  type Knob,
  type Knobs,
  list,
  literal,
  number,
  object,
  optional,
  optionals,
  ratio,
} from "./knob.js";
import { likeKubernetes, over, type PolicyKind } from "./policy-kind.js";

const upTo = (most: number): Knob => number({ whole: true, least: 1, most });
const perSyncPeriod = optional(upTo(100_000));
const model: Knob = {
  type: "variants",
  by: "type",
  of: [
    object({
      type: literal("linear"),
      perSyncPeriod,
      ...optionals({ historySize: upTo(100_000), lookAhead: duration }),
    }),
    object({
      type: literal("holt-winters"),
      perSyncPeriod,
      ...optionals({
        storedSeasons: upTo(1000),
        alpha: ratio,
        beta: ratio,
        gamma: ratio,
        seasonalPeriods: number({ whole: true, least: 2, most: 100_000 }),
        seasonal: choice("additive", "multiplicative"),
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
    ...optionals({ models: list(model, 1, 10), decision: choice("maximum", "minimum", "mean", "median") }),
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
    looks: "15 s / 15 s",
  },
};
