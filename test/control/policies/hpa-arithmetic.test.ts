import { describe, expect, it } from "vitest";
import { externalAverageReplicas, resourceReplicas } from "../../../src/control/policies/hpa-arithmetic.js";

const tolerance = { up: 0.1, down: 0.1 };

describe("the HPA's arithmetic", () => {
  it("leaves an external average per replica within its tolerance alone", () => {
    const at = (current: number, total: number) => externalAverageReplicas(current, total, 10, tolerance);
    // Ten of 10: 95 and 105 are within 10 %, 115 and 85 are not.
    expect([at(10, 95), at(10, 105), at(10, 115), at(10, 85)]).toEqual([10, 10, 12, 9]);
  });

  it("leads an external average from 0 replicas, and keeps 0 without load", () => {
    expect([externalAverageReplicas(0, 15, 10, tolerance), externalAverageReplicas(0, 0, 10, tolerance)]).toEqual([
      2, 0,
    ]);
  });

  it("counts no unready pods on target or below, and goes by the ready ones alone", () => {
    // Four pods at the target of 50 %, and four unready ones: nothing changes.
    const onTarget = { state: "ready", count: 4, usage: 20, request: 40 } as const;
    const unready = { state: "unready", count: 4, usage: 0, request: 40 } as const;
    expect(resourceReplicas(8, [onTarget, unready], 50, tolerance)).toBe(8);
    // Four pods at 76 % of the target are worth 3.04, whatever was asked for.
    for (const current of [2, 4, 8])
      expect(resourceReplicas(current, [{ ...onTarget, usage: 15.2 }], 50, tolerance)).toBe(4);
  });

  it("counts unready pods as idle before it adds any", () => {
    // Four pods at 105 % of a target of 50 %; with four unready ones 52 %, within the tolerance.
    const ready = { state: "ready", count: 4, usage: 42, request: 40 } as const;
    const unready = { state: "unready", count: 4, usage: 0, request: 40 } as const;
    expect(resourceReplicas(4, [ready], 50, tolerance)).toBe(9);
    expect(resourceReplicas(8, [ready, unready], 50, tolerance)).toBe(8);
    expect(resourceReplicas(8, [ready, { ...unready, state: "pending" }], 50, tolerance)).toBe(8);
  });
});
