import { describe, expect, it } from "vitest";
import { bindingLimits } from "../../src/experiment/binding-limits.js";

function limits(decisionReasons: Record<string, number>, rejections: Record<string, number> = {}): string[] {
  return bindingLimits({ name: "p", kind: "hpa", metrics: {}, decisionReasons, rejections } as never);
}

describe("the limits that bound a policy", () => {
  it("are what its refused decisions name, the most frequent first", () => {
    const found = limits({
      "within-tolerance": 9000,
      "within-tolerance (no-host-room)": 570,
      "stabilised (no-host-room)": 217,
      "above-target (fleet-max)": 100,
      "floor: forecast-rise (restart-backoff)": 90,
      "above-max": 80,
    });
    expect(found.map((text) => text.replace(/ \(.*/, ""))).toEqual([
      "host room",
      "the fleet’s max",
      "spawn back-off",
      "its max",
    ]);
    expect(found[0]).toBe("host room (787 of 10,057 decisions)");
  });

  it("are none where fewer than 0.5 % of the decisions met them", () => {
    expect(limits({ "within-tolerance": 999, "above-target (restart-backoff)": 4 })).toEqual([]);
    expect(limits({})).toEqual([]);
  });

  it("include the waiting room that turned requests away", () => {
    expect(limits({ a: 1 }, { "waiting-room-full": 1234.4 })).toEqual(["the waiting room (1,234 requests refused)"]);
    expect(limits({ a: 1 }, { "no-such-format": 3 })).toEqual([]);
  });
});
