import { createStatic, type StaticKnobs, staticReasons } from "../static.js";
import { factors, withKnobs } from "./aggressiveness.js";
import { described, ordered } from "./knob.js";
import { count } from "./knob-values.js";
import { likeHeadrace, type PolicyKind } from "./policy-kind.js";

export const staticKind: PolicyKind = {
  kind: "static",
  create: (knobs) => createStatic(knobs as unknown as StaticKnobs),
  knobs: { count: described("Streamlets per pool, always.", ordered("rising", count)) },
  runs: { tickMs: 15_000, scrapeLagMs: 0, min: 0, scaleIn: likeHeadrace },
  reasons: staticReasons,
  aggressiveness: () => ({
    knob: "count ×",
    grid: factors,
    apply: (knobs, value) => withKnobs(knobs, { count: Math.ceil(Number(knobs.count) * value) }),
  }),
  planned: { key: "count", values: "counts", unless: [] },
  within: ["hybrid"],
  docs: {
    imitates: "a fixed fleet",
    source: "–",
    constants: "`count` per pool, no default",
    decides: "every 15 s, always the same",
    metricsAge: "it reads none",
  },
};
