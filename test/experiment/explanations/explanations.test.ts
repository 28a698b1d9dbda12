import { describe, expect, it } from "vitest";
import { builtInPolicies } from "../../../src/control/policies/registry.js";
import { explanations, explanationsOf, nearestTerm } from "../../../src/experiment/explanations/explanations.js";
import { scenarioKeys } from "../../../src/experiment/explanations/scenario-keys.js";
import { decisionReasons } from "../../../src/ports/reasons.js";
import { metricTable } from "../../../src/world/metric-table.js";

const all = explanations();
const termsOf = (subject: string): string[] => all.filter((one) => one.subject === subject).map(({ term }) => term);

describe("the explanations", () => {
  it("have a sentence for each term", () => {
    for (const { term, meaning } of all) expect(meaning, term).toMatch(/\S.*[.”]$/u);
  });

  it("cover each key of a scenario and each knob of each policy", () => {
    expect(scenarioKeys().filter(({ meaning }) => meaning === "")).toEqual([]);
    const keys = new Set(termsOf("key"));
    for (const { kind, knobs } of builtInPolicies.values())
      for (const knob of Object.keys(knobs)) expect(keys, `${kind}.${knob}`).toContain(`policies.${knob}`);
  });

  it("cover each metric, policy and reason", () => {
    expect(termsOf("metric").sort()).toEqual(Object.keys(metricTable).sort());
    expect(termsOf("policy")).toEqual([...builtInPolicies.keys()]);
    const given = new Set([...builtInPolicies.values()].flatMap(({ reasons = [] }) => reasons));
    for (const reason of given)
      expect(explanationsOf(reason, all).length, reason).toBeGreaterThan(reason.startsWith("stand-in") ? -1 : 0);
  });

  it("have no reason that no policy gives", () => {
    const predictive = ["forecast-rise", "forecast-fall", "needed-lately", "as-forecast", "safety-net", "no-metrics"];
    const given = new Set<string>([
      ...[...builtInPolicies.values()].flatMap(({ reasons = [] }) => reasons),
      ...predictive,
    ]);
    expect(Object.keys(decisionReasons).filter((reason) => !given.has(reason))).toEqual([]);
  });
});

describe("a term", () => {
  it("is found by its name in any case, a key by its last part", () => {
    expect(explanationsOf("REGRETRATIO", all)).toMatchObject([{ term: "regretRatio", subject: "metric" }]);
    expect(explanationsOf("waitingRoom", all)).toMatchObject([{ term: "gateway.waitingRoom", subject: "key" }]);
  });

  it("is found without its spaces or hyphens, a metric by the label that tables show", () => {
    expect(explanationsOf("coldstart", all)).toMatchObject([{ term: "cold start" }]);
    expect(explanationsOf("cold-start", all)).toMatchObject([{ term: "cold start" }]);
    expect(explanationsOf("regret", all)).toMatchObject([{ term: "regretRatio", subject: "metric" }]);
    expect(explanationsOf("Start latency p99", all)).toMatchObject([{ term: "startLatencyMsP99" }]);
  });

  it("may be a reason with the refusal in brackets, as tables show it", () => {
    const found = explanationsOf("forecast-rise (no-host-room)", all);
    expect(found.map(({ subject }) => subject)).toEqual(["reason of a decision", "refusal of a decision"]);
  });

  it("that is misspelt is compared with all others", () => {
    expect(explanationsOf("regretRation", all)).toEqual([]);
    expect(nearestTerm("regretRation", all)).toBe("regretRatio");
    expect(nearestTerm("waitingRom", all)).toBe("waitingRoom");
    expect(nearestTerm("qqqqqqqqqq", all)).toBeUndefined();
    expect(nearestTerm("", all)).toBeUndefined();
  });

  it("that is a part of another, or much like a part, leads to it", () => {
    expect(nearestTerm("crash", all)).toBe("crashes");
    expect(nearestTerm("violatng", all)).toBe("Violating minute");
    expect(nearestTerm("pinball", all)).toBe("pinball loss");
    expect(nearestTerm("newsvendor", all)).toBe("newsvendor cost");
    expect(nearestTerm("erlang", all)).toMatch(/^Erlang B/);
  });
});
