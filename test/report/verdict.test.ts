import { describe, expect, it } from "vitest";
import { chanceNote, verdicts, warmupNote } from "../../src/report/verdict.js";
import { syntheticOutcome } from "./synthetic-outcome.js";

const { document } = syntheticOutcome({ replications: 10 }).outcome;

describe("the headline of a comparison", () => {
  it("says that it is unmatched, and which limits bound", () => {
    const short = {
      ...document.policies[0],
      decisionReasons: { "above-target": 95, "above-target (no-host-room)": 5 },
    };
    const [{ sentence }] = verdicts({ ...document, policies: [short, ...document.policies.slice(1)] });
    expect(sentence).toContain("Unmatched");
    expect(sentence).toContain("hpa met host room (5 of 100 decisions)");
  });

  it("says nothing of a match where both serve the same", () => {
    const comparisons = document.comparisons.map((one) =>
      one.metric === "sloViolationMinutes"
        ? { ...one, delta: 0, halfWidth: 0, verdict: "same" as const, better: null }
        : one,
    );
    const [{ sentence }] = verdicts({ ...document, comparisons });
    expect(sentence).toContain("the same on SLO violation");
    expect(sentence).not.toContain("Unmatched");
  });

  it("gives the comparison at equal service, with both knobs, where the frontiers were swept", () => {
    const estimate = { value: 1, halfWidth: 0.1, n: 3 };
    const row = (policy: string, value: number, relative: number | null) => ({
      policy,
      value: estimate,
      setting: { value, how: "interpolated" as const, violationRatio: 0.01 },
      relative: relative === null ? null : { value: relative, halfWidth: 0.053, n: 3 },
      verdict: null,
      better: null,
    });
    const table = { at: 0.01, baseline: "hpa", rows: [row("hpa", 0.82, null), row("predictive", 0.004, -0.115)] };
    const policies = [
      { name: "hpa", kind: "hpa", knob: "targetUtilisation", points: [] },
      { name: "predictive", kind: "predictive", knob: "1 − quantile", points: [] },
    ];
    const frontier = {
      costMetric: "cost" as const,
      measuredMinutes: 60,
      policies,
      costAtSlo: [table],
      violationAtCost: [],
    };
    const [{ sentence }] = verdicts({ ...document, frontier });
    expect(sentence).toContain(
      "At 1 % violating minutes: cost −11.5 ± 5.3 % (hpa: targetUtilisation 0.82; predictive: 1 − quantile 0.004).",
    );
  });

  it("names the policies that lost requests in the warm-up, which no metric counts", () => {
    const [hpa, predictive] = document.policies;
    expect(hpa.lostInWarmup).toBeGreaterThan(0);
    const some = { ...hpa, lostInWarmup: 84_841 };
    expect(warmupNote({ ...document, policies: [some, { ...predictive, lostInWarmup: 3 }] })).toBe(
      "Requests lost in the warm-up, which no metric counts: 84,841 by hpa.",
    );
    expect(warmupNote({ ...document, policies: [{ ...hpa, lostInWarmup: 0 }] })).toBe("");
  });

  it("says of a table how many words chance would give, and what the mark means", () => {
    expect(chanceNote(document)).toMatch(
      /^Of \d+ verdicts, chance alone would give about [\d.]+ better or worse\. ✓ marks/,
    );
    expect(chanceNote({ ...document, replications: 5 })).toContain("Fewer than 6 replications cannot prove");
    expect(chanceNote({ ...document, replications: 1 })).toBe("");
  });
});
