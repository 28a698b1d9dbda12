import { describe, expect, it } from "vitest";
import { createPhpa, defaultPhpaKnobs } from "../../../src/control/policies/phpa.js";
import { decisionOf, handContext } from "./hand-observation.js";
import { holds } from "./holds.js";

const demand = {
  metrics: [{ type: "external", metric: "demand", averageValue: 10 }],
  tolerance: 0,
  scaleDown: { stabilisationWindow: 0 },
};
/** A model that predicts the proposal itself. */
const asIs = [{ type: "linear", historySize: 1, lookAhead: 0 }];

describe("a predictive HPA", () => {
  it("says whether it goes up, down, or stays, where the model agrees with the HPA", () => {
    holds("phpa", { ...demand, models: asIs }, { ready: 10 }, [
      { at: 0, open: 100, want: 10, why: "as-calculated" },
      { at: 15, open: 120, want: 12, why: "above-target" },
      { at: 30, open: 60, want: 6, why: "below-target" },
    ]);
  });

  it("goes down for the HPA's reason, even if the model keeps it from going further", () => {
    // 20, then 24: the line is at 26.7 in 10 s.
    holds("phpa", { ...demand, models: [{ type: "linear" }] }, { ready: 40 }, [
      { at: 0, desired: 40, open: 200, want: 20, why: "below-target" },
      { at: 15, desired: 40, open: 240, want: 27, why: "below-target" },
    ]);
  });

  it("remembers what it took away within a policy's period", () => {
    const policies = [{ type: "Pods", value: 1, period: 60_000 }];
    const slow = { ...demand, models: asIs, scaleDown: { stabilisationWindow: 0, policies } };
    holds("phpa", slow, { ready: 10 }, [
      { at: 0, open: 20, want: 9, why: "rate-limited" },
      { at: 15, want: 9 },
      { at: 60, want: 8 },
    ]);
  });

  it("forgets whole seasons: after four stored ones the first has no effect", () => {
    // Four syncs of 90 streamlets, then 10: sync 20 has the last 16 and itself.
    for (const decision of ["maximum", "minimum"]) {
      const models = [{ type: "holt-winters", seasonalPeriods: 4, alpha: 0.1, beta: 0.1, gamma: 0.1 }];
      const steps = Array.from({ length: 24 }, (_, i) => {
        const count = i < 4 ? 90 : 10;
        return { at: 15 * i, desired: count, open: 10 * count, ...(i >= 20 ? { want: 10 } : {}) };
      });
      holds("phpa", { ...demand, models, decision }, { ready: 90 }, steps);
    }
  });

  it("reports the HPA's proposal, the chosen one and the stabilised one", () => {
    const metrics = [{ type: "external", metric: "demand", averageValue: 8 }] as const;
    const policy = createPhpa({ ...defaultPhpaKnobs, metrics }, handContext);
    expect(decisionOf(policy, 0, { ready: 10, open: 96 }).details).toEqual({ calculated: 12, target: 12, stable: 12 });
  });
});
