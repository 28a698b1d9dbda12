import { describe, expect, it } from "vitest";
import { refuseOtherKind } from "../../src/experiment/file-kind.js";

const scenario = { name: "s", traffic: {}, streams: {}, fleet: {}, policies: [] };
const sweep = { scenario: "s.yaml", design: "grid", axes: {} };
const gate = { scenarios: [], metrics: {}, baseline: "b.json" };

describe("a file of another kind than the command reads", () => {
  it.each([
    ["scenario", sweep, /^f: a sweep; expected a scenario\. Did you mean headrace sweep f\?/],
    ["scenario", gate, /^f: a file of gated scenarios; expected a scenario\. Did you mean headrace check f\?/],
    ["sweep", scenario, /^f: a scenario; expected a sweep\. Write a sweep that names it: scenario: f/],
    ["sweep", gate, /^f: a file of gated scenarios; expected a sweep/],
    ["gate", scenario, /^f: a scenario; .*Let one be written: headrace check --init f/],
    ["gate", sweep, /^f: a sweep; expected a file of gated scenarios/],
  ] as const)("is named where a %s is expected", (expected, document, message) => {
    expect(() => refuseOtherKind("f", document, expected)).toThrow(message);
  });

  it("is left to the schema where it has a key of the expected kind, or hardly any of another", () => {
    for (const document of [scenario, { ...sweep, fleet: {} }, { axes: {} }, {}, [], 5, null, "text"])
      expect(() => refuseOtherKind("f", document, "scenario")).not.toThrow();
  });
});
