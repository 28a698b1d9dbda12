import { describe, expect, it } from "vitest";
import { writtenScenario } from "../../../src/world/scenario/schema/document.js";
import { faultsOf, type ScenarioFault } from "../../../src/world/scenario/schema/issues.js";
import { type SloSpec, sloSection } from "../../../src/world/scenario/sections/slo.js";
import { scenarioOf, smallestDocument } from "../written-scenario.js";

function sloOf(slo: object): SloSpec | undefined {
  return scenarioOf({ ...smallestDocument, slo }).slo;
}

/** The faults of the schema, or, if it finds none, of the normaliser. */
function faultsIn(slo: object): readonly ScenarioFault[] {
  const document = { ...smallestDocument, slo };
  const { error } = writtenScenario.safeParse(document);
  if (error !== undefined) return faultsOf(error.issues, document, writtenScenario);
  const faults: ScenarioFault[] = [];
  sloSection.normalise(slo as never, faults);
  return faults;
}

describe("the SLO of a scenario", () => {
  it.each([
    ["P5", 0.05],
    ["P50", 0.5],
    ["P99", 0.99],
    ["P100", 1],
    ["P995", 0.995],
    ["P999", 0.999],
    ["P99999", 0.99999],
  ])("takes startLatency%s for %d", (name, probability) => {
    expect(sloOf({ [`startLatency${name}`]: "200ms" })?.startLatency).toEqual({ probability, boundMs: 200 });
  });

  it.each(["P0", "P00", "P000", "P1000", "P101", "P050", "P505", "P100000", "P", "P9.9"])(
    "refuses startLatency%s",
    (name) => {
      expect(() => sloOf({ [`startLatency${name}`]: "200ms" })).toThrow();
    },
  );

  it("takes violating minutes as a share or a duration, and days as a share", () => {
    const given = (more: object) => sloOf({ rejectedRatio: 0.01, ...more });
    expect(given({ violatingMinutes: "0.1%" })?.violatingMinutes).toEqual({ share: 0.001 });
    expect(given({ violatingMinutes: 0.002 })?.violatingMinutes).toEqual({ share: 0.002 });
    expect(given({ violatingMinutes: "3min" })?.violatingMinutes).toEqual({ minutes: 3 });
    expect(given({ violatingMinutes: "90 s" })?.violatingMinutes).toEqual({ minutes: 1.5 });
    expect(given({})?.violatingMinutes).toBeUndefined();
    expect([given({})?.days, given({ days: "90%" })?.days, given({ days: 0.5 })?.days]).toEqual([0.95, 0.9, 0.5]);
  });

  it.each([
    [{ rejectedRatio: 0.01, violatingMinutes: "110%" }],
    [{ rejectedRatio: 0.01, violatingMinutes: 3 }],
    [{ rejectedRatio: 0.01, violatingMinutes: "3 apples" }],
    [{ rejectedRatio: 0.01, days: 95 }],
    [{ rejectedRatio: 0.01, days: "95" }],
    [{ rejectedRatio: 0.01, days: 0 }],
    [{ rejectedRatio: 0.01, days: "0%" }],
    [{ rejectedRatio: 0.01, violatingMinutes: "100%" }],
    [{ rejectedRatio: 0.01, violatingMinutes: 1 }],
    [{ days: 0.9 }],
    [{}],
  ])("refuses %j", (slo) => {
    expect(() => sloOf(slo)).toThrow();
  });

  it.each([
    [{ rejectedRatio: 0.01, rejectedRato: 0.1 }, 'unknown key "rejectedRato"', /^Did you mean "rejectedRatio"\?$/],
    [{ startLatncyP99: 200 }, 'unknown key "startLatncyP99"', /^Did you mean "startLatencyP99"\?$/],
    [{ startLatncyP99: "200ms" }, 'unknown key "startLatncyP99"', /^Did you mean "startLatencyP99"\?$/],
    [{ foo: 3 }, 'unknown key "foo"', /^Known here: startLatencyP99, .*days$/],
    [{ "startLatencyP99.9": "200ms" }, 'the percentile "P99.9"', /P999 for 99\.9 %/],
    [{ startLatencyP99: 200 }, "200", /^Add the unit/],
  ])("names the key that %j misspells, whatever its value", (slo, got, remedy) => {
    expect(faultsIn(slo)).toEqual([expect.objectContaining({ got, remedy: expect.stringMatching(remedy) })]);
  });
});
