import { describe, expect, it } from "vitest";
import { bandOf, createAwsStep, defaultAwsStepKnobs } from "../../../src/control/policies/aws-step.js";
import { decisionOf, handContext } from "./hand-observation.js";
import { holds } from "./holds.js";
import { hold, type Stage, type Step } from "./timeline.js";

const { stepOut, stepIn } = defaultAwsStepKnobs;
const stage: Stage = { ready: 10 };

/** Ten streamlets of ten slots, unless said otherwise: `open` streams are as many per cent. */
function steps(knobs: Readonly<Record<string, unknown>>, played: readonly Step[], at: Stage = stage): void {
  holds("aws-step", knobs, at, played);
}

describe("step scaling", () => {
  it("changes nothing where the alarm fires in no band", () => {
    // From 10 points above 70 %, and from 10 points below 50 %.
    steps({ stepOut: { steps: [{ lower: 0.1, adjustment: 30 }] } }, [
      { at: 0, open: 75 },
      { at: 60, open: 75, want: 10, why: "no-alarm" },
    ]);
    steps({ stepIn: { steps: [{ upper: -0.1, adjustment: -30 }] } }, [
      { at: 0, open: 45 },
      { at: 60, open: 45, want: 10, why: "no-alarm" },
    ]);
  });

  it("changes nothing between its alarms, even with bands that are open on both sides", () => {
    steps({ stepOut: { steps: [{ adjustment: 30 }] }, stepIn: { steps: [{ adjustment: -30 }] } }, [
      { at: 0, open: 60 },
      { at: 60, open: 60, want: 10, why: "no-alarm" },
    ]);
  });

  it("stands at its bounds, without a cooldown for what it did not do", () => {
    const bounds: Stage = { ...stage, min: 10, max: 10 };
    steps({}, [{ at: 0, open: 90 }, ...hold(0, 180, 60, { open: 90, want: 10, why: "at-max" })], bounds);
    steps({}, [{ at: 0, open: 20 }, ...hold(0, 180, 60, { open: 20, want: 10, why: "at-min" })], bounds);
  });

  it("goes no further than its bounds", () => {
    steps(
      {},
      [
        { at: 0, open: 90 },
        { at: 60, want: 12, why: "step-out" },
      ],
      { ...stage, max: 12 },
    );
    steps(
      {},
      [
        { at: 0, open: 20 },
        { at: 60, want: 9, why: "step-in" },
      ],
      { ...stage, min: 9 },
    );
  });

  it("keeps as many datapoints as the slower of its alarms needs", () => {
    const slowOut = { stepOut: { datapoints: 3 }, stepIn: { datapoints: 1 } };
    steps(slowOut, [{ at: 0, open: 90 }, ...hold(0, 120, 60, { want: 10 }), { at: 180, want: 13, why: "step-out" }]);
    const slowIn = { stepOut: { datapoints: 1 }, stepIn: { datapoints: 3 } };
    steps(slowIn, [{ at: 0, open: 20 }, ...hold(0, 120, 60, { want: 10 }), { at: 180, want: 7, why: "step-in" }]);
  });

  it("reports the utilisation that it acts on", () => {
    const policy = createAwsStep(defaultAwsStepKnobs, handContext);
    decisionOf(policy, 0, { ready: 10, openStreamMs: 0 });
    // 48 of 80 slots, for a minute.
    expect(decisionOf(policy, 60_000, { ready: 10, openStreamMs: 48 * 60_000 }).details).toEqual({ metric: 0.6 });
  });
});

describe("the band of a breach", () => {
  it("is found in whichever order the bands are written", () => {
    for (const bands of [stepOut.steps, [...stepOut.steps].reverse()])
      expect([0.75, 0.85].map((metric) => bandOf(bands, metric, 0.7, true)?.adjustment)).toEqual([10, 30]);
    for (const bands of [stepIn.steps, [...stepIn.steps].reverse()])
      expect([0.45, 0.35].map((metric) => bandOf(bands, metric, 0.5, false)?.adjustment)).toEqual([-10, -30]);
  });
});
