import { describe, expect, it } from "vitest";
import { createJitsi, defaultJitsiKnobs } from "../../../src/control/policies/jitsi.js";
import { decisionOf, handContext } from "./hand-observation.js";
import { holds } from "./holds.js";
import { hold } from "./timeline.js";

describe("a Jitsi group", () => {
  it("without instances wants its minimum, or what it wanted", () => {
    const empty = { ready: 0, observedReady: 0 };
    expect(decisionOf(createJitsi(defaultJitsiKnobs, handContext), 0, { ...empty, min: 3 })).toEqual({
      desired: 3,
      reason: "no-instances",
      details: { count: 0, desiredCount: 3 },
    });
    expect(decisionOf(createJitsi(defaultJitsiKnobs, handContext), 0, { ...empty, min: 3, desired: 5 })).toMatchObject({
      desired: 5,
      reason: "no-instances",
    });
  });

  it("goes on once a launch that it gave up is replaced", () => {
    holds("jitsi", {}, { ready: 10 }, [
      { at: 0, open: 85 },
      { at: 60 },
      { at: 120, want: 11, why: "stress-high" },
      ...hold(120, 1020, 60, { ready: 10, spawning: 1, open: 75, want: 11, why: "stress-between" }),
      { at: 1080, ready: 10, spawning: 1, want: 12, why: "waiting-for-launches" },
      // Ten ready, one given up and its replacement: as many as it wants.
      { at: 1140, ready: 10, spawning: 2, want: 12, why: "stress-between" },
    ]);
  });
});
