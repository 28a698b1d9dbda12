import { createHybrid } from "../hybrid.js";
import { described, type Knobs, optional } from "./knob.js";
import { likeHeadrace, type PolicyKind } from "./policy-kind.js";
import { predictiveKind } from "./predictive.js";

/** The reactive part as the scenario's normalisation returns it. */
interface Reactive {
  readonly kind: string;
  readonly tickMs: number;
  readonly scrapeLagMs: number;
  readonly knobs: Knobs;
}

export const hybridKind: PolicyKind = {
  ...predictiveKind,
  kind: "hybrid",
  create({ reactive, ...floorKnobs }, context, make) {
    const { kind, tickMs, scrapeLagMs, knobs } = reactive as Reactive;
    const floor = make("predictive", floorKnobs, context);
    const policy = make(kind, knobs, { ...context, tickMs });
    return createHybrid(floor, { policy, tickMs, scrapeLagMs });
  },
  knobs: {
    ...predictiveKind.knobs,
    reactive: described(
      "The reactive policy on top of the predictive floor; the larger number counts.",
      optional({ type: "policy" }),
    ),
  },
  runs: { ...predictiveKind.runs, scaleIn: likeHeadrace },
  within: [],
  docs: {
    imitates: "a predictive minimum under any reactive policy",
    source: "–",
    constants: "`reactive: {kind: hpa}`",
    decides: "every 5 s; the reactive part at its own pace",
    metricsAge: "0 s; those of the reactive part as by itself",
  },
};
