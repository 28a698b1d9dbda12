import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/base/errors.js";
import { checkDesigns } from "../../../src/experiment/plan/designs.js";
import { planScenario } from "../../../src/experiment/plan/plan.js";
import { readQuestion } from "../../../src/experiment/plan/question.js";
import { scenarioFile } from "./small-worlds.js";

const world: Readonly<Record<string, string>> = {
  duration: "2h",
  traffic: "{source: poisson, rate: 1/s}",
  streams: "{holding: {kind: exponential, mean: 1min}}",
  fleet: "{regions: [{name: eu, hosts: 4, cpu: 8}], streamlet: {slots: 8, cpu: 1}, max: 50}",
  policies: "[{kind: static, count: 20}]",
  slo: "{rejectedRatio: 0.01}",
  cost: "{hostHour: 0.4}",
};

function fileWith(changes: Readonly<Record<string, string | undefined>>): string {
  const keys = { ...world, ...changes };
  return scenarioFile(
    Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`])),
  );
}

async function refusal(changes: Readonly<Record<string, string | undefined>>): Promise<string> {
  const error = await readQuestion(fileWith(changes)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw new Error(`not refused: ${JSON.stringify(changes)}, but ${error}`);
  return error.message;
}

const variables = (text: string): Record<string, string> => ({ plan: `{variables: {${text}}}` });

describe("the question of a plan", () => {
  it.each([
    [
      "an unknown variable",
      variables("fleet.regions.eu.host: [1, 2]"),
      /:9:20: unknown key "host".*Did you mean "hosts"/,
    ],
    [
      "an unknown entry",
      variables("policies.statik.count: [1, 2]"),
      /no entry "statik" in policies.*Did you mean "static"/,
    ],
    ["an empty range", variables("fleet.max: {from: 9, to: 3, step: 1}"), /fleet.max: from 9 to 3, which is empty/],
    ["an empty list", variables("fleet.max: []"), /plan.variables.fleet.max/],
    [
      "the same place twice",
      variables("policies.0.count: [1], policies.static.count: [2]"),
      /policies.static.count, which is the same as policies.0.count/,
    ],
    [
      "demand as a variable",
      variables("traffic.rate: [1/s, 2/s]"),
      /:9:20: traffic.rate, which no planner chooses; expected a path within fleet, policies, gateway, balancer, routing/,
    ],
    ["a price as a variable", variables("cost.hostHour: [0.1, 0.2]"), /cost.hostHour, which no planner chooses/],
    ["a step of nothing", variables("fleet.max: {from: 1, to: 9, step: 0}"), /a step of 0; expected more than 0/],
    ["the same value twice", variables("fleet.max: [30, 30]"), /30 twice; expected values that differ/],
    [
      "bounds of two kinds",
      variables("fleet.max: {from: 1, to: 9s, step: 1}"),
      /expected three quantities of one kind/,
    ],
    ["no prices", { cost: undefined }, /a scenario without prices; expected cost/],
    ["prices that are all 0", { cost: "{streamletHour: 0}" }, /prices that are all 0/],
    ["no SLO", { slo: undefined }, /a scenario without slo; expected slo/],
    [
      "a grid of 10⁹ designs",
      variables(
        "fleet.max: {from: 1, to: 1000, step: 1}, policies.static.count: {from: 1, " +
          "to: 1000, step: 1}, fleet.regions.eu.hosts: {from: 1, to: 1000, step: 1}",
      ),
      /1,000,000,000 designs \(1000 of fleet.max × 1000 of policies.static.count × 1000 of fleet.regions.eu.hosts\); expected at most 1,000,000/,
    ],
    ["an unknown failure", { plan: "{survive: [{host: 1}]}" }, /plan.survive/],
    [
      "the loss of an unknown region",
      { plan: "{survive: [{region: us}]}" },
      /the loss of region "us"; expected any, or one of eu/,
    ],
    ["the loss of the only region", { plan: "{survive: [{region: any}]}" }, /the loss of the only region/],
    [
      "a forecast that is off where nothing forecasts",
      { plan: "{survive: [{forecast: off}]}" },
      /no policy that forecasts/,
    ],
    ["a factor that is none", { plan: "{survive: [{demand: lots}]}" }, /demand: "lots"; expected a factor above 0/],
    ["a confidence that is none", { plan: "{confidence: 1.5}" }, /plan.confidence: 1.5/],
    [
      "a commitment that costs more",
      { plan: "{prices: {committed: {hostHour: 0.5}}}" },
      /a committed hour of a host at 0.5; expected less than 0.4/,
    ],
    ["days that no sample proves", { slo: "{rejectedRatio: 0.01, days: 100%}" }, /days: 1; expected at most 0.999/],
  ])("refuses %s", async (_what, changes, message) => {
    expect(await refusal(changes)).toMatch(message);
  });

  it.each([
    ["half a host", "fleet.regions.eu.hosts: [1.5]", /:9:20: fleet.regions.*hosts: 1.5/],
    ["seconds of hosts", "fleet.regions.eu.hosts: {from: 1s, to: 9s, step: 1s}", /:9:20: fleet.regions.*hosts: "1s"/],
    ["an unknown policy", "policies.0.kind: [static, statik]", /:9:20: policies.*statik/],
    ["a number for a section", "fleet: [1, 2]", /:9:20: fleet: /],
    ["fewer than no streamlets", "policies.static.count: {from: -3, to: 3, step: 1}", /expected three quantities/],
  ])("refuses %s before anything is simulated", async (_what, text, message) => {
    const checked = async (): Promise<void> => checkDesigns(await readQuestion(fileWith(variables(text))));
    await expect(checked()).rejects.toThrow(message);
  });

  it("refuses ranges that contradict the scenario before the first day is simulated", async () => {
    const question = await readQuestion(fileWith(variables("policies.static.count: {from: 10, to: 90, step: 10}")));
    await expect(planScenario(question)).rejects.toThrow(/:9:20: policies.*count: 90 streamlets; expected at most 50/);
  });

  it("chooses each policy's knob and the hosts that have a price where nothing is named", async () => {
    const { variables: chosen } = await readQuestion(
      fileWith({ policies: "[{kind: static, count: 20}, {kind: predictive}, {kind: hpa}]" }),
    );
    expect(chosen.map(({ path }) => path)).toEqual([
      "policies.0.count",
      "policies.1.quantile",
      "policies.2.targetUtilisation",
      "fleet.regions.eu.hosts",
    ]);
    const utilisations = chosen[2].values.map(Number);
    expect(utilisations).toEqual([...utilisations].sort((a, b) => b - a));
  });

  it("counts the designs of each policy by itself", async () => {
    const kinds = Array.from({ length: 8 }, (_, i) => `{kind: predictive, name: p${i}}`);
    const { variables: chosen } = await readQuestion(fileWith({ policies: `[${kinds.join(", ")}]` }));
    // Twelve quantiles each: 12⁸ designs, were they combined.
    expect(chosen.filter(({ path }) => path.endsWith("quantile"))).toHaveLength(8);
  });

  it("takes the range of a flag instead of the file's", async () => {
    const file = fileWith(variables("fleet.max: [30, 40], fleet.regions.eu.hosts: [1, 2]"));
    const question = await readQuestion(file, { variables: [{ path: "fleet.max", range: [50] }] });
    expect(question.variables.map(({ path, values }) => [path, values])).toEqual([
      ["fleet.regions.eu.hosts", [1, 2]],
      ["fleet.max", [50]],
    ]);
  });
});
