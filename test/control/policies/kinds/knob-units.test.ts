import { describe, expect, it } from "vitest";
import type { Knob } from "../../../../src/control/policies/kinds/knob.js";
import { withUnits } from "../../../../src/control/policies/kinds/knob-units.js";
import { builtInPolicies } from "../../../../src/control/policies/registry.js";

function named(kind: string, knobs: Readonly<Record<string, unknown>>): unknown {
  return withUnits(builtInPolicies.get(kind)?.knobs ?? {}, knobs);
}

/** Every knob inside this one, itself included. */
function within(knob: Knob): Knob[] {
  if (knob.type === "object") return [knob, ...Object.values(knob.keys).flatMap(within)];
  if (knob.type === "list" || knob.type === "map") return [knob, ...within(knob.of)];
  if (knob.type === "variants") return [knob, ...knob.of.flatMap(within)];
  return [knob];
}

describe("knobs with units", () => {
  it("name a duration with its unit and leave the other names", () => {
    expect(named("predictive", { drainDelay: 15_000, quantile: 0.99 })).toEqual({
      drainDelayMs: 15_000,
      quantile: 0.99,
    });
  });

  it("name durations inside objects, lists and variants", () => {
    const scaleDown = { stabilisationWindow: 0, policies: [{ type: "Pods", value: 1, period: 60_000 }] };
    expect(named("hpa", { scaleDown })).toEqual({
      scaleDown: { stabilisationWindowMs: 0, policies: [{ type: "Pods", value: 1, periodMs: 60_000 }] },
    });
    expect(named("phpa", { models: [{ type: "linear", lookAhead: 5_000 }] })).toEqual({
      models: [{ type: "linear", lookAheadMs: 5_000 }],
    });
  });

  it("name durations inside maps, whose keys are the user's, and leave nothing where nothing is", () => {
    const period = { type: "duration", about: "A period." } as const;
    const shape = { limits: { type: "map", of: { type: "object", keys: { period } }, about: "Limits." } } as const;
    expect(withUnits(shape, { limits: { period: { period: 5 } } })).toEqual({ limits: { period: { periodMs: 5 } } });
    expect(withUnits(shape, { limits: null })).toEqual({ limits: null });
    expect(named("hpa", { metricNames: { rps: "demand" } })).toEqual({ metricNames: { rps: "demand" } });
  });

  it("leave knobs that the kind does not declare, so that a second pass changes nothing", () => {
    const once = named("kpa", { stableWindow: 60_000, other: 1 });
    expect(named("kpa", once as Readonly<Record<string, unknown>>)).toEqual(once);
  });

  it("give a key of several variants one type, since they are looked up together", () => {
    for (const { knobs } of builtInPolicies.values()) {
      for (const knob of Object.values(knobs).flatMap(within)) {
        if (knob.type !== "variants") continue;
        const isDuration = new Map<string, boolean>();
        for (const [key, { type }] of knob.of.flatMap(({ keys }) => Object.entries(keys))) {
          expect(isDuration.get(key) ?? type === "duration", key).toBe(type === "duration");
          isDuration.set(key, type === "duration");
        }
      }
    }
  });
});
