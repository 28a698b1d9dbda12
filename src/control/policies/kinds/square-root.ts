import { createSquareRoot, defaultSquareRootKnobs, squareRootReasons } from "../square-root.js";
import { betas, byBeta } from "./aggressiveness.js";
import { described, optionals, ordered } from "./knob.js";
import { number } from "./knob-values.js";
import { likeHeadrace, over, type PolicyKind } from "./policy-kind.js";

export const squareRootKind: PolicyKind = {
  kind: "square-root",
  create: over(defaultSquareRootKnobs, createSquareRoot),
  knobs: optionals({
    beta: described(
      "Spare slots as a multiple of the square root of the open streams.",
      ordered("rising", number({ least: 0, most: 1000 })),
    ),
  }),
  runs: { tickMs: 5_000, scrapeLagMs: 0, min: 1, scaleIn: likeHeadrace },
  reasons: squareRootReasons,
  aggressiveness: () => byBeta,
  planned: { key: "beta", values: betas, unless: [] },
  within: ["hybrid", "hosts"],
  docs: {
    imitates: "square-root staffing: open + waiting + β√open slots",
    source: "Halfin, Whitt 1981",
    constants: "β = 2",
    decides: "every 5 s",
    metricsAge: "0 s",
  },
};
