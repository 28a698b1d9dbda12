import { describe, expect, it } from "vitest";
import { exponentialLaw } from "../../../src/base/distribution.js";
import { createOnDemand, defaultOnDemandKnobs, type OnDemandKnobs } from "../../../src/control/policies/on-demand.js";
import { createStatic } from "../../../src/control/policies/static.js";
import type { PoolObservation } from "../../../src/ports/policy.js";
import { decisionOf, handContext } from "./hand-observation.js";

function described(knobs: Partial<OnDemandKnobs>, pool: Partial<PoolObservation>): [number, string] {
  const policy = createOnDemand({ ...defaultOnDemandKnobs, ...knobs }, handContext);
  const { desired, reason } = decisionOf(policy, 0, { min: 0, ...pool });
  return [desired, reason];
}

describe("the static policy", () => {
  it("proposes its count whatever the load", () => {
    const policy = createStatic({ count: 7 });
    for (const open of [0, 56, 5000]) expect(decisionOf(policy, 0, { open }).desired).toBe(7);
  });
});

describe("the on-demand policy", () => {
  it("creates as many streamlets as the waiting requests fill", () => {
    expect(described({}, { ready: 2, waiting: 1 })).toEqual([3, "no-free-slot"]);
    expect(described({}, { ready: 2, waiting: 8 })).toEqual([3, "no-free-slot"]);
    expect(described({}, { ready: 2, waiting: 9 })).toEqual([4, "no-free-slot"]);
  });

  it("counts the spawns under way, and cancels one too many unless that is switched off", () => {
    expect(described({}, { ready: 2, spawning: 1, waiting: 8 })).toEqual([3, "enough"]);
    expect(described({}, { ready: 2, spawning: 2, waiting: 8 })).toEqual([3, "surplus-spawn"]);
    expect(described({ cancelSurplus: false }, { ready: 2, spawning: 2, waiting: 8 })).toEqual([4, "enough"]);
  });

  it("keeps to its number of spawns at once: 1 is staggered", () => {
    expect(described({ spawnsAtOnce: 1 }, { ready: 0, waiting: 80 })).toEqual([1, "no-free-slot"]);
    expect(described({ spawnsAtOnce: 1 }, { ready: 0, spawning: 1, waiting: 80 })).toEqual([1, "enough"]);
  });

  it("never takes a ready streamlet away, and keeps to min and max", () => {
    expect(described({}, { ready: 9 })[0]).toBe(9);
    expect(described({}, { ready: 0, min: 4 })[0]).toBe(4);
    expect(described({}, { ready: 3, waiting: 800, max: 5 })[0]).toBe(5);
  });

  it("draws an idle time-out for each time that a streamlet runs empty, or has none", () => {
    const drawn = createOnDemand({ ...defaultOnDemandKnobs, idleTimeout: exponentialLaw(5000) }, handContext);
    const draws = Array.from({ length: 2000 }, () => drawn.idleTimeoutMs!());
    const mean = draws.reduce((sum, ms) => sum + ms, 0) / draws.length;
    // Four standard errors of the mean of 2,000 exponentials.
    expect(Math.abs(mean - 5000)).toBeLessThan((4 * 5000) / Math.sqrt(2000));
    expect(createOnDemand(defaultOnDemandKnobs, handContext).idleTimeoutMs).toBeUndefined();
  });
});
