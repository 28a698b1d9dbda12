import { describe, expect, it } from "vitest";
import type { SloSpec } from "../../../src/world/scenario/sections/slo.js";
import { scenarioOf, smallestDocument } from "../written-scenario.js";

function sloOf(slo: object): SloSpec | undefined {
  return scenarioOf({ ...smallestDocument, slo }).slo;
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
});
