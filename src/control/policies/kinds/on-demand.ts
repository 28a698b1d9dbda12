import { createOnDemand, defaultOnDemandKnobs, onDemandReasons } from "../on-demand.js";
import { withKnobs } from "./aggressiveness.js";
import { described, optionals, ordered } from "./knob.js";
import { flag, positiveCount } from "./knob-values.js";
import { likeHeadrace, over, type PolicyKind } from "./policy-kind.js";

export const onDemandKind: PolicyKind = {
  kind: "on-demand",
  create: over(defaultOnDemandKnobs, createOnDemand),
  knobs: optionals({
    idleTimeout: described("How long an empty streamlet is kept.", ordered("rising", { type: "duration-law" })),
    cancelSurplus: described("Whether launches that are no longer needed are cancelled.", flag),
    spawnsAtOnce: described("Most launches under way at once in a pool.", positiveCount),
  }),
  runs: { tickMs: Number.POSITIVE_INFINITY, scrapeLagMs: 0, min: 0, scaleIn: likeHeadrace },
  reasons: onDemandReasons,
  aggressiveness: () => ({
    knob: "idleTimeout (min)",
    grid: [0, 0.5, 1, 2, 5, 10, 20, 60],
    apply: (knobs, value) => withKnobs(knobs, { idleTimeout: { kind: "constant", value: value * 60_000 } }),
  }),
  planned: {
    key: "idleTimeout",
    values: ["0s", "30s", "1min", "2min", "5min", "10min", "20min", "1h"],
    unless: [],
  },
  within: [],
  docs: {
    imitates: "one streamlet per request without a slot",
    source: "Gandhi et al. 2013",
    constants: "no idle time-out, surplus cancelled, no limit of spawns at once",
    decides: "at each request, stream end and readiness",
    metricsAge: "0 s",
  },
};
