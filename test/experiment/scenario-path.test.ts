import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { parseScenario } from "../../src/experiment/scenario-file.js";
import { pathOf, stepsOf, valueAt, withValueAt } from "../../src/experiment/scenario-path.js";

const document = {
  name: "paths",
  fleet: {
    regions: [
      { name: "eu", hosts: 4 },
      { name: "us.east", hosts: 3 },
    ],
    streamlet: { slots: 8 },
  },
  policies: [
    { kind: "static", count: 10 },
    { kind: "predictive", name: "mine" },
    { kind: "hpa" },
    { kind: "hpa", name: "calm" },
  ],
};

function refusal(path: string): string {
  try {
    stepsOf(document, path, "plan.variables");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error(`"${path}" was not refused`);
}

const text = [
  "name: paths",
  "duration: 1h",
  "traffic: {source: poisson, rate: 1/s}",
  "streams: {holding: {kind: exponential, mean: 1min}}",
  "fleet: {streamlet: {slots: 8}, max: 50}",
  "policies:",
  "  - {kind: static, count: 20}",
  "  - {kind: predictive}",
].join("\n");

describe("a path into a scenario", () => {
  it("names entries of lists by index, name or kind", () => {
    expect(stepsOf(document, "fleet.regions.eu.hosts", "x")).toEqual(["fleet", "regions", 0, "hosts"]);
    expect(stepsOf(document, "fleet.regions.us.east.hosts", "x")).toEqual(["fleet", "regions", 1, "hosts"]);
    expect(stepsOf(document, "policies.0.count", "x")).toEqual(["policies", 0, "count"]);
    expect(stepsOf(document, "policies.static.count", "x")).toEqual(["policies", 0, "count"]);
    expect(stepsOf(document, "policies.mine.quantile", "x")).toEqual(["policies", 1, "quantile"]);
    expect(pathOf(document, ["policies", 1, "quantile"])).toBe("policies.mine.quantile");
  });

  it("may end at a key that the document lacks and the schema knows", () => {
    const steps = stepsOf(document, "gateway.waitingRoom", "x");
    expect(valueAt(withValueAt(document, steps, 5), steps)).toBe(5);
    expect(document).not.toHaveProperty("gateway");
  });

  it.each([
    ["policy.mine.quantile", /unknown key "policy".*Did you mean "policies"/],
    ["policies.predictve.quantile", /no entry "predictve" in policies.*Did you mean "predictive"/],
    ["policies.mine.quantil", /unknown key "quantil" in policies.mine.*Did you mean "quantile"/],
    ["policies.hpa.targetUtilisation", /"hpa", which 2 entries of policies are.*by its index: 2 or 3/],
    ["policies.9.count", /no entry "9".*index from 0 to 3/],
    ["fleet.streamlet.slots.more", /"more" within fleet.streamlet.slots, which is 8/],
    ["fleet..slots", /path "fleet..slots"/],
    ["__proto__.x", /unknown key "__proto__"/],
  ])("is refused with what is known there: %s", (path, message) => {
    expect(refusal(path)).toMatch(message);
    expect(refusal(path)).toContain("plan.variables");
  });

  it("sets a value in a scenario, which is checked like a written one", async () => {
    const values = [
      { path: "policies.static.count", value: 12 },
      { path: "policies.predictive.quantile", value: 0.99 },
      { path: "fleet.streamlet.spawn", value: "5s" },
    ];
    const scenario = await parseScenario("paths.yaml", text, { values });
    expect(scenario.policies[0].knobs.count).toBe(12);
    expect(scenario.policies[1].knobs.quantile).toBe(0.99);
    expect(scenario.fleet.classes[0].spawn.law).toEqual({ kind: "constant", value: 5000 });
    const bad = parseScenario("paths.yaml", text, { values: [{ path: "policies.predictive.quantile", value: 2 }] });
    await expect(bad).rejects.toThrow(
      /^paths.yaml with policies.predictive.quantile: policies\[1\].quantile: 2; expected less than 1/,
    );
    const where = { file: "paths.yaml", line: 9, column: 3 };
    const placed = parseScenario("paths.yaml", text, { values: [{ path: "fleet.max", value: "many", where }] });
    await expect(placed).rejects.toThrow(/^paths.yaml:9:3: fleet.max: many/);
  });

  it("gives the variant a hash of its own, and a plan section none", async () => {
    const plain = await parseScenario("paths.yaml", text);
    const variant = await parseScenario("paths.yaml", text, { values: [{ path: "fleet.max", value: 60 }] });
    expect(variant.hash).not.toBe(plain.hash);
    const variables = "{policies.static.count: {from: 1, to: 9, step: 1}}";
    const planned = `${text}\nplan: {variables: ${variables}, survive: [{hosts: 1}]}`;
    expect((await parseScenario("paths.yaml", planned)).hash).toBe(plain.hash);
  });
});
