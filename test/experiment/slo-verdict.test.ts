import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../src/experiment/result.js";
import { assertSlo, isSloMet, sloOutcome, sloText } from "../../src/experiment/slo-verdict.js";
import type { SloJudgement } from "../../src/world/slo-judgement.js";
import { scenarioOf, smallestDocument } from "../world/written-scenario.js";

const met: { slo: SloJudgement } = { slo: { met: true, misses: [] } };
const missed: { slo: SloJudgement } = {
  slo: { met: false, misses: [{ bound: "startLatency", share: 0.031, allowed: 0.01 }] },
};

function scenario(days?: number | string) {
  const slo = { startLatencyP99: "200ms", ...(days === undefined ? {} : { days }) };
  return scenarioOf({ ...smallestDocument, slo });
}

function asserted(good: number, bad: number, demand: "met" | "proved" = "met", days?: number | string) {
  const runs = [...Array.from({ length: good }, () => met), ...Array.from({ length: bad }, () => missed)];
  const world = scenario(days);
  const slo = sloOutcome(world.slo, runs);
  const document = { policies: [{ name: "hpa", slo }] } as unknown as ResultDocument;
  return assertSlo(world, document, [runs], demand);
}

describe("the SLO over replications", () => {
  it("is stated with its exact interval", () => {
    const runs = [...Array.from({ length: 8 }, () => met), ...Array.from({ length: 4 }, () => missed)];
    const slo = sloOutcome(scenario().slo, runs);
    expect(slo).toMatchObject({ met: 8, of: 12, days: 0.95, proved: false });
    expect(slo && sloText(slo)).toBe("met in 8 of 12 replications (35–90 %)");
    expect(sloOutcome(undefined, runs)).toBeUndefined();
  });

  it("holds where the share of replications is at least what is demanded, to the last one", () => {
    expect(asserted(19, 1).holds).toBe(true);
    expect(asserted(18, 2).holds).toBe(false);
    expect(asserted(18, 2, "met", "90%").holds).toBe(true);
    expect(asserted(2, 1, "met", 0.6).holds).toBe(true);
  });

  it("is not met by a policy that failed, whatever its fleet did", () => {
    const world = scenario();
    const failed = { ...met, policyFailures: { count: 3, asked: 9, first: { atMs: 0, message: "boom" } } };
    expect(sloOutcome(world.slo, [met, failed])).toMatchObject({ met: 1, of: 2 });
    const failures = { count: 3, asked: 9, firstAtMs: 0, message: "boom" };
    const policy = { name: "mine", slo: sloOutcome(world.slo, [met, met]), failures };
    const document = { policies: [policy] } as unknown as ResultDocument;
    expect(assertSlo(world, document, [[met, met]], "met")).toEqual({
      holds: false,
      lines: ["mine: no verdict on the SLO, since the policy failed"],
    });
  });

  it("names what was missed, how often, and by how much", () => {
    expect(asserted(8, 4).lines).toEqual([
      "hpa: SLO met in 8 of 12 replications (35–90 %); 95 % of replications must meet it",
      "  waits above 200 ms too frequent in 4 of 12: up to 3.1 %, 1 % allowed",
    ]);
  });

  it("reports an SLO that is met but not proved, with the replications that would prove it", () => {
    const [line] = asserted(12, 0).lines;
    expect(line).toBe(
      "hpa: SLO met in 12 of 12 replications (74–100 %); 95 % of replications must meet it: met but not proved. " +
        "59 of 59 replications would prove it.",
    );
    expect(asserted(39, 1).lines[0]).toContain("92 of 93 replications would prove it");
    expect(asserted(12, 0, "proved").holds).toBe(false);
    expect(asserted(3, 0, "met", 1).lines[0]).toContain("No number of replications proves 100 %");
  });

  it("is proved by 59 of 59 for 95 %, not by 58 of 58", () => {
    expect(asserted(59, 0, "proved")).toEqual({ holds: true, lines: [] });
    expect(asserted(58, 0, "proved").holds).toBe(false);
  });

  it("allows 0.95 of 20, whatever the binary fraction", () => {
    expect(isSloMet({ met: 19, of: 20, low: 0, high: 1, days: 0.95, proved: false })).toBe(true);
  });
});
