import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/base/errors.js";
import { parseRegression } from "../../../src/experiment/check/regression-file.js";

const good = `scenarios:
  - {file: a/evening.yaml, policies: [hpa], replications: 10}
  - {file: night.yaml}
metrics: {cost: 1%, sloViolationMinutes: 2, rejectedRatio: "0.5 %"}
baseline: accepted.json
`;

function faultOf(text: string): string {
  try {
    parseRegression("gates/regression.yaml", text);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "no fault";
}

describe("the file of a gate", () => {
  it("names scenarios and files relative to itself, and reads both kinds of tolerance", () => {
    const gate = parseRegression("/gates/regression.yaml", good);
    expect(gate.scenarios[0]).toEqual({
      written: "a/evening.yaml",
      file: "/gates/a/evening.yaml",
      policies: ["hpa"],
      replications: 10,
    });
    expect(gate.scenarios[1]).toMatchObject({ policies: undefined, replications: undefined });
    expect([...gate.metrics]).toEqual([
      ["cost", { kind: "relative", share: 0.01 }],
      ["sloViolationMinutes", { kind: "absolute", amount: 2 }],
      ["rejectedRatio", { kind: "relative", share: 0.005 }],
    ]);
    expect([gate.baseline, gate.release, gate.alpha, gate.mostTimes, gate.slo]).toEqual([
      "/gates/accepted.json",
      undefined,
      0.01,
      4,
      "ignore",
    ]);
  });

  it.each([
    [
      "an unknown key",
      good.replace("baseline:", "baselne:"),
      /regression.yaml:5:1: unknown key "baselne". Did you mean "baseline"/,
    ],
    ["a misspelt metric", good.replace("cost: 1%", "costs: 1%"), /:4:11: unknown metric "costs". Did you mean "cost"/],
    [
      "a metric without a good direction",
      good.replace("cost: 1%", "arrivals: 1%"),
      /:4:11: "arrivals", which has no good direction/,
    ],
    ["no metric", good.replace(/\{cost.*\}/, "{}"), /:4:10: metrics: no metric; expected some of cost/],
    ["a tolerance below 0", good.replace("1%", "-1"), /:4:17: metrics.cost: "-1"; expected a tolerance/],
    ["a tolerance that is no number", good.replace("1%", "little"), /"little"; expected a tolerance such as 1% or 0.5/],
    ["one replication", good.replace("replications: 10", "replications: 1"), /replications: 1; expected at least 2/],
    [
      "a scenario that is there twice",
      good.replace("night.yaml", "a/evening.yaml"),
      /:3:12: scenarios\[1\].file: "a\/evening.yaml" a second time/,
    ],
    [
      "no scenario",
      good.replace(/scenarios:[\s\S]*?metrics/, "scenarios: []\nmetrics"),
      /scenarios: a list of 0; expected a list of at least 1/,
    ],
    ["a list in place of the file", "- 1\n", /expected an object/],
  ])("is refused with its place: %s", (_, text, message) => {
    expect(faultOf(text)).toMatch(message);
  });
});
