import { describe, expect, it } from "vitest";
import { createHpa, type HpaKnobs } from "../../../src/control/policies/hpa.js";
import { decisionOf, handContext } from "./hand-observation.js";

/** One sync: its second, the open streams, and the expected streamlets. */
type Step = readonly [atS: number, open: number, wanted: number];

/**
 * Plays syncs against an HPA whose desired count is reached at once and whose metrics have no
 * lag: streamlets of 8 slots that are an hour old when the timeline begins.
 */
function play(knobs: HpaKnobs, from: number, steps: readonly Step[]): void {
  const hpa = createHpa(knobs, handContext);
  let ready = from;
  const hour = 3_600_000;
  decisionOf(hpa, 0, { ready, open: Math.round(ready * 8 * 0.7) });
  const said = steps.map(([atS, open, wanted]) => {
    ready = decisionOf(hpa, hour + atS * 1000, { ready, open }).desired;
    return [atS, open, wanted === ready ? wanted : ready];
  });
  expect(said).toEqual(steps.map((step) => [...step]));
}

describe("the HPA on a timeline", () => {
  it("stays within the tolerance of 10 % and moves beyond it", () => {
    // 10 streamlets, target 70 % of 80 slots = 56 streams; int(100·61/80) = 76 is 1.086 of it, 62
    // streams are 77 %: 1.1; 63 are 78: 1.114.
    play({ targetUtilisation: 0.7 }, 10, [
      [0, 56, 10],
      [15, 61, 10],
      [30, 62, 10],
      [45, 63, 12],
    ]);
  });

  it("goes up at once, at most to double or to four per sync, whichever is more", () => {
    // Full at a target of 10 %: ten times as many are recommended.
    play({ targetUtilisation: 0.1 }, 1, [[0, 8, 4]]);
    play({ targetUtilisation: 0.1 }, 2, [[0, 16, 4]]);
    play({ targetUtilisation: 0.1 }, 10, [[0, 80, 20]]);
  });

  it("comes down only when no recommendation of the last 300 s was higher", () => {
    const down: Step[] = Array.from({ length: 20 }, (_, k) => [15 * (k + 1), 28, 10] as const);
    play({ targetUtilisation: 0.7 }, 10, [[0, 56, 10], ...down.slice(0, 19), [300, 28, 5]]);
  });

  it("restarts the 300 s with each higher recommendation", () => {
    const steps: Step[] = [];
    for (let atS = 0; atS <= 900; atS += 15) {
      const peak = atS === 300;
      // 4 streamlets would do but for the peak at 300 s, when 10 were needed.
      steps.push([atS, peak ? 56 : 22, atS < 600 ? 10 : 4]);
    }
    play({ targetUtilisation: 0.7, scaleDown: { tolerance: 0.05 } }, 10, steps.slice(20));
  });

  it("never comes down when that is disabled, and keeps to a rate when one is given", () => {
    play({ targetUtilisation: 0.7, scaleDown: { select: "Disabled", stabilisationWindowMs: 0 } }, 10, [
      [0, 8, 10],
      [15, 8, 10],
    ]);
    const onePerMinute = {
      stabilisationWindowMs: 0,
      policies: [{ type: "Pods", value: 1, periodMs: 60_000 }],
    } as const;
    play({ targetUtilisation: 0.7, scaleDown: onePerMinute }, 10, [
      [0, 8, 9],
      [15, 8, 9],
      [45, 8, 9],
      [60, 8, 8],
      [75, 8, 8],
    ]);
  });

  it("acts on the mean of open streams per streamlet where that is its metric", () => {
    play({ targetOpenStreams: 4 }, 10, [
      [0, 40, 10],
      [15, 60, 15],
    ]);
  });

  it("stays at zero with a minimum, as a Deployment that was switched off by hand", () => {
    const empty = { ready: 0, open: 40 };
    expect(decisionOf(createHpa({}, handContext), 0, { ...empty, min: 1 })).toEqual({
      desired: 0,
      reason: "scaled-to-zero",
    });
    const external = { metrics: [{ type: "external", metric: "demand", averageValue: 8 }] } as const;
    expect(decisionOf(createHpa(external, handContext), 0, { ...empty, min: 0 }).desired).toBe(4);
  });

  it("reports its proposal before and after the windows, at its maximum, too", () => {
    const external = { metrics: [{ type: "external", metric: "demand", averageValue: 8 }] } as const;
    const hpa = createHpa(external, handContext);
    expect(decisionOf(hpa, 0, { ready: 10, max: 10, open: 80 })).toEqual({
      desired: 10,
      reason: "within-tolerance",
      details: { raw: 10, stable: 10 },
    });
    expect(decisionOf(hpa, 15_000, { ready: 10, max: 10, open: 40 }).details).toEqual({ raw: 5, stable: 10 });
  });

  it("does nothing without a metric, and keeps to min and max", () => {
    const hpa = createHpa({}, handContext);
    expect(decisionOf(hpa, 0, { ready: 0, spawning: 3, observedReady: 0, open: 0 })).toMatchObject({
      desired: 3,
      reason: "no-metrics",
    });
    expect(decisionOf(createHpa({}, handContext), 0, { ready: 30, max: 20, open: 200 }).desired).toBe(20);
    expect(decisionOf(createHpa({}, handContext), 0, { ready: 3, min: 6, open: 10 }).desired).toBe(6);
  });
});
