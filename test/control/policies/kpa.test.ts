import { describe, expect, it } from "vitest";
import { createKpa, defaultKpaKnobs } from "../../../src/control/policies/kpa.js";
import { KpaScaler } from "../../../src/control/policies/kpa-scaler.js";
import { fleetSeen, handContext, poolSeen } from "./hand-observation.js";
import { holds } from "./holds.js";
import { hold } from "./timeline.js";

describe("a revision at zero", () => {
  const idle = { min: 0, ready: 1 };

  it("is woken by a request of its own pool alone", () => {
    const [pool] = handContext.pools;
    const kpa = createKpa(defaultKpaKnobs, { ...handContext, pools: [pool, pool] });
    const empty = poolSeen(0, { min: 0, ready: 0 });
    const fleet = { ...fleetSeen(0, empty, "no-free-slot"), pools: [empty, empty], triggerPool: 1 };
    expect(kpa.decide(fleet, 0)).toEqual([undefined, { desired: 1, reason: "activated" }]);
    expect(kpa.wakeOn).toEqual(["no-free-slot"]);
  });

  it("stays for a stable window after it was woken, even if the request went away", () => {
    holds("kpa", {}, idle, [
      { at: 0, open: 0 },
      ...hold(0, 90, 2, { want: 0, why: "scale-to-zero" }),
      { at: 91, trigger: "no-free-slot", want: 1, why: "activated" },
      ...hold(90, 150, 2, { want: 1, why: "idle" }),
      ...hold(150, 180, 2, { want: 1, why: "inactive" }),
      { at: 182, want: 0, why: "scale-to-zero" },
    ]);
  });

  it("counts the stable window from the beginning of its activity, not from the end", () => {
    holds("kpa", {}, idle, [
      { at: 0, open: 3 },
      ...hold(0, 100, 2, { open: 3, want: 1, why: "on-target" }),
      ...hold(100, 158, 2, { open: 0, want: 1, why: "on-target" }),
      { at: 160, want: 1, why: "inactive" },
    ]);
  });

  it("stays there at the start, without load", () => {
    holds("kpa", {}, { min: 0, ready: 0 }, [{ at: 0 }, { at: 2, open: 0, want: 0, why: "idle" }]);
  });
});

describe("the reason of a KPA", () => {
  it("is its minimum where that asks for more than the load", () => {
    holds("kpa", {}, { min: 3, ready: 3 }, [{ at: 0, open: 1 }, ...hold(0, 62, 2, { want: 3, why: "at-min" })]);
  });

  it("is the rate where more than the rate allows is wanted, outside of panic", () => {
    // One streamlet of ten slots at 70 %, at most twice as many at a time, panic from tenfold on.
    const calm = { maxScaleUpRate: 2, panicThresholdPercentage: 1000 };
    holds("kpa", calm, { ready: 1 }, [
      { at: 0, open: 30 },
      { at: 2, want: 2, why: "up-rate-limited" },
    ]);
    holds("kpa", calm, { ready: 1 }, [
      { at: 0, open: 14 },
      { at: 2, want: 2, why: "above-target" },
    ]);
  });
});

describe("the KPA's scaler", () => {
  const spec = {
    targetValue: 1,
    totalValue: 10,
    maxScaleUpRate: 1000,
    maxScaleDownRate: 1000,
    panicThreshold: 1000,
    stableWindowMs: 60_000,
    scaleDownDelayMs: 10_000,
    activationScale: 1,
    targetBurstCapacity: 211,
    reachable: true,
  };

  it("holds the largest proposal of the scale-down delay, which may follow a smaller one", () => {
    const scaler = new KpaScaler(spec, 1, 0);
    const desired = [5, 8, 3, 6, 3, 3, 3, 3, 3, 3].map((load, i) => scaler.scale(load, load, 1, 2000 * i).desired);
    // The 8 of 2 s holds until 10 s, the 6 of 6 s until 14 s.
    expect(desired).toEqual([5, 8, 8, 8, 8, 8, 6, 6, 3, 3]);
  });

  it("has no burst capacity to keep where that is 0, and always too little where it is unlimited", () => {
    const excess = (targetBurstCapacity: number) =>
      new KpaScaler({ ...spec, targetBurstCapacity }, 1, 0).scale(7, 7, 2, 0).excessBurstCapacity;
    // Two streamlets of ten, less what is to be free, less seven streams.
    expect([excess(0), excess(-1), excess(5), excess(211)]).toEqual([0, -1, 8, -198]);
  });
});
