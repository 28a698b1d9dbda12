import { describe, expect, it } from "vitest";
import { defaultPredictiveKnobs, predictiveReasons } from "../../../../src/control/policies/predictive/knobs.js";

describe("the knobs of the predictive policy", () => {
  it("have the defaults of the docs: quantile 0.999, no least margin, the ensemble, all parts but a warm pool", () => {
    expect(defaultPredictiveKnobs).toEqual({
      ...{ quantile: 0.999, headroom: 0, forecaster: "ensemble", challengers: [] },
      ...{ safetyNet: true, sharing: true, survival: true, warmPool: false },
      ...{ violationPrice: undefined, beta: undefined, horizonMs: undefined, drainDelayMs: undefined },
    });
  });

  it("lead to one of six reasons", () => {
    const reasons = ["as-forecast", "forecast-fall", "forecast-rise", "needed-lately", "no-metrics", "safety-net"];
    expect(predictiveReasons.toSorted()).toEqual(reasons);
  });
});
