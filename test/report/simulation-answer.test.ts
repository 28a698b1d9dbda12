import { describe, expect, it } from "vitest";
import { simulationAnswer } from "../../src/report/simulation-answer.js";
import { syntheticOutcome } from "./synthetic-outcome.js";

const { outcome, scenario } = syntheticOutcome({ replications: 10 });
const { document } = outcome;
const [hpa, predictive] = document.policies;
const slo = (met: number) => ({ met, of: 10, low: 0.1, high: 0.9, days: 0.95, proved: false });

describe("the answer of a simulation", () => {
  it("says on how many days each policy meets the SLO, and how many are demanded", () => {
    const policies = [
      { ...hpa, slo: slo(8) },
      { ...predictive, slo: slo(10) },
    ];
    const { sentence, figures } = simulationAnswer({ ...document, policies }, scenario);
    expect(sentence).toContain(
      "The SLO is met by predictive only: hpa meets it on 8 of 10 " +
        "simulated days, predictive on 10 of 10; 95 % are demanded.",
    );
    expect(figures?.source).toContain(">fail<");
    expect(figures?.source).toContain(">pass, not proved<");
  });

  it("is no success where the cheaper candidate alone misses the SLO", () => {
    const toneOf = (first: number, second: number): string => {
      const policies = [
        { ...hpa, slo: slo(first) },
        { ...predictive, slo: slo(second) },
      ];
      return simulationAnswer({ ...document, policies }, scenario).tone;
    };
    expect([toneOf(10, 8), toneOf(8, 8)]).toEqual(["even", "worse"]);
  });

  it("gives the money of a month in the scenario's currency", () => {
    const cost = { mean: 23, halfWidth: 0.46, confidence: 0.95, n: 10 };
    const policies = [{ ...hpa, metrics: { ...hpa.metrics, cost } }, predictive];
    const { figures, caveats } = simulationAnswer({ ...document, currency: "EUR", policies }, scenario);
    // 23 EUR in the 23 h that were measured: 730.5 EUR in a month.
    expect(figures?.source).toContain("731 ± 15 EUR");
    expect(caveats).toContain("A month is 730.5 h like the 23 h that were measured.");
  });

  it("names the limit that bound, and that costs were not compared at equal service", () => {
    const short = { ...hpa, decisionReasons: { "above-target": 90, "above-target (no-host-room)": 10 } };
    const { figures, caveats } = simulationAnswer({ ...document, policies: [short, predictive] }, scenario);
    expect(figures?.source).toContain("host room (10 of 100 decisions)");
    expect(caveats[0]).toContain("Unmatched");
  });

  it("says of one replication that it shows no difference", () => {
    const once = syntheticOutcome({ replications: 1 });
    expect(simulationAnswer(once.outcome.document, once.scenario).caveats).toContain(
      "One replication: no interval, and no difference can be shown.",
    );
  });
});
