import { describe, expect, it } from "vitest";
import { DecisionTally } from "../../../src/world/recorder/decision-tally.js";

describe("turns of the wanted count", () => {
  it("are counted by pool, from growing to shrinking and back, whatever stands between", () => {
    const tally = new DecisionTally();
    for (const desired of [5, 5, 7, 7, 9, 8, 8, 3, 4]) tally.countDesired(0, desired);
    for (const desired of [5, 4, 3]) tally.countDesired(1, desired);
    expect(tally.directionChanges).toEqual([2, 0]);
  });

  it("are none without a decision", () => {
    expect(new DecisionTally().directionChanges).toEqual([]);
  });
});

describe("reasons of decisions", () => {
  it("are counted one by one, in whatever order they come", () => {
    const tally = new DecisionTally();
    for (const reason of ["", "rise", "rise", "fall", "rise", "", "constructor"]) tally.countReason(0, reason);
    expect(tally.reasons).toEqual({ "": 2, rise: 3, fall: 1, constructor: 1 });
  });

  it("beyond the first thousand are counted together, and those of before still by themselves", () => {
    const tally = new DecisionTally();
    for (let i = 0; i < 1500; i++) tally.countReason(i % 3, `reason ${i}`);
    for (const reason of ["reason 0", "reason 999", "reason 1499", "reason 1499"]) tally.countReason(1, reason);
    const { reasons } = tally;
    expect(Object.keys(reasons)).toHaveLength(1001);
    const { "reason 0": first, "reason 999": last, "other reasons": others } = reasons;
    expect([first, last, others]).toEqual([2, 2, 502]);
  });
});
