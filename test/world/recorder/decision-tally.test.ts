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
