import { describe, expect, it } from "vitest";
import {
  createAwsTargetTracking,
  defaultAwsTargetTrackingKnobs,
} from "../../../src/control/policies/aws-target-tracking.js";
import { decisionOf, handContext } from "./hand-observation.js";
import { holds } from "./holds.js";

/** One datapoint suffices, so that a step follows each minute. */
const swift = { scaleInDatapoints: 1, scaleOutDatapoints: 1 };
/** A hundred streamlets of ten slots: ten streams are a per cent. */
const hundred = { ready: 100, max: 1000 };

describe("target tracking", () => {
  it("scales in only from 10 % below its target", () => {
    // The target is 70 %: 66 % would need 95 streamlets, 63 % 90, and 62.9 % 90 again.
    for (const open of [660, 630])
      holds("aws-target-tracking", swift, hundred, [
        { at: 0, open },
        { at: 60, open, want: 100, why: "no-alarm" },
      ]);
    holds("aws-target-tracking", swift, hundred, [
      { at: 0, open: 629 },
      { at: 60, want: 90, why: "low-alarm" },
    ]);
  });

  it("stays where rounding up leaves the count, above its minimum, too", () => {
    // 62 % of three streamlets need 2.66.
    holds("aws-target-tracking", swift, { ready: 3 }, [
      { at: 0, open: 18.6 },
      { at: 60, want: 3, why: "no-alarm" },
    ]);
  });

  it("reports the utilisation that it acts on", () => {
    const policy = createAwsTargetTracking(defaultAwsTargetTrackingKnobs, handContext);
    decisionOf(policy, 0, { ready: 10, openStreamMs: 0 });
    // 48 of 80 slots, for a minute.
    expect(decisionOf(policy, 60_000, { ready: 10, openStreamMs: 48 * 60_000 }).details).toEqual({ metric: 0.6 });
  });
});
