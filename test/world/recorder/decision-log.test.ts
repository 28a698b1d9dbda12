import { describe, expect, it } from "vitest";
import type { DecisionRecord } from "../../../src/ports/telemetry.js";
import { DecisionWatch } from "../../../src/world/decision-watch.js";
import { DecisionLog } from "../../../src/world/recorder/decision-log.js";

/** Decisions for 1, 2, … streamlets by a policy that writes each one's details over the last. */
function* decisions(count: number): Generator<DecisionRecord> {
  const details = { needed: 0 };
  for (let desired = 1; desired <= count; desired++) {
    details.needed = desired;
    const seen = { open: 10, waiting: 0, ready: 2, spawning: 0 };
    yield {
      atMs: 5000 * desired,
      pool: 0,
      wanted: desired,
      desired,
      reason: "above-target",
      refusal: "",
      ...seen,
      details,
    };
  }
}

const needed = (kept: readonly DecisionRecord[]): unknown[] => kept.map(({ details }) => details?.needed);

describe("kept decisions", () => {
  it("show the figures that each was based on, though the policy writes over them", () => {
    const log = new DecisionLog(true);
    const watch = new DecisionWatch(1, 2);
    for (const decision of decisions(4)) {
      log.add(decision);
      watch.onDecision(decision);
    }
    expect(needed(log.decisions)).toEqual([1, 2, 3, 4]);
    expect(needed(watch.lastOf(0))).toEqual([3, 4]);
  });

  it("are none where the run keeps none", () => {
    const log = new DecisionLog(false);
    for (const decision of decisions(4)) log.add(decision);
    expect([log.decisions, log.digest.record(60_000).count]).toEqual([[], 4]);
  });
});
