import { describe, expect, it } from "vitest";
import { keptScenario, parseKeptScenario } from "../../src/experiment/kept-scenario.js";
import { packageVersion } from "../../src/experiment/version.js";
import { scenarioOf } from "../world/written-scenario.js";

const scenario = scenarioOf({
  name: "kept",
  duration: "1h",
  traffic: { source: "poisson", rate: "1/s" },
  streams: { holding: "1min" },
  fleet: { streamlet: { slots: 4 } },
  policies: [{ kind: "static", count: 9 }],
});
const text = keptScenario(packageVersion(), scenario);

describe("a scenario that simulate kept", () => {
  it("is read as it was", () => expect(parseKeptScenario(text, "scenario.json")).toEqual(scenario));

  it.each([
    ["one of its numbers was changed", text.replace('"slots":4', '"slots":5'), /changed after simulate had written it/],
    ["one of its values is of another type", text.replace('"slots":4', '"slots":"4"'), /changed after simulate/],
    ["its scenario is gone", text.replace(/"scenario":.*\}/, '"scenario":null}'), /changed|no scenario/],
    ["it is cut short", text.slice(0, 80), /no scenario/],
    ["another version wrote it", keptScenario("0.0.9", scenario), /headrace 0\.0\.9/],
  ])("is refused where %s", (_what, changed, words) => {
    expect(() => parseKeptScenario(changed, "reports/x/scenario.json")).toThrow(words);
    expect(() => parseKeptScenario(changed, "reports/x/scenario.json")).toThrow("reports/x/scenario.json: ");
  });
});
