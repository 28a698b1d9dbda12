import { describe, expect, it } from "vitest";
import {
  type Behaviour,
  defaultBehaviour,
  HpaBehaviour,
  limitRate,
  type RatePolicy,
} from "../../../src/control/policies/hpa-behaviour.js";

const perMinute = (value: number): readonly RatePolicy[] => [{ type: "Pods", value, periodMs: 60_000 }];

/** At most four more per minute, at most two fewer, and no windows. */
const slow: Behaviour = {
  up: { ...defaultBehaviour.up, policies: perMinute(4) },
  down: { ...defaultBehaviour.down, windowMs: 0, policies: perMinute(2) },
};

/** Plays [seconds, current, proposed, expected]; each change that results is remembered. */
function play(behaviour: HpaBehaviour, steps: readonly (readonly [number, number, number, number])[]): void {
  const decided = steps.map(([atS, current, raw]) => {
    const { desired } = behaviour.normalise(current, raw, atS * 1000, 1, 100);
    behaviour.remember(desired - current, atS * 1000);
    return desired;
  });
  expect(decided).toEqual(steps.map(([, , , expected]) => expected));
}

describe("the limits on a step", () => {
  it("do not apply where nothing changes, and neither do the bounds", () => {
    // convertDesiredReplicasWithBehaviorRate returns the count as it is.
    const none = { added: [], removed: [] };
    expect(limitRate(3, 3, none, 0, defaultBehaviour, 5, 100)).toBe(3);
    expect(limitRate(8, 8, none, 0, defaultBehaviour, 1, 5)).toBe(8);
  });

  it("allow removals of the period to be added again, on top of what the rate allows", () => {
    // 20 at the start of the minute: two go, then 24 are allowed.
    play(new HpaBehaviour(slow, true), [
      [0, 20, 1, 18],
      [30, 18, 90, 24],
    ]);
  });

  it("allow additions of the period to be removed again, on top of what the rate allows", () => {
    // 20 at the start of the minute: four come, then 18 are allowed.
    play(new HpaBehaviour(slow, true), [
      [0, 20, 90, 24],
      [30, 24, 1, 18],
    ]);
  });

  it("look back over the period alone", () => {
    play(new HpaBehaviour(slow, true), [
      [0, 20, 90, 24],
      [59, 24, 90, 24],
      [60, 24, 90, 28],
      [61, 28, 28, 28],
      [120, 28, 1, 26],
      [179, 26, 1, 26],
      [180, 26, 1, 24],
    ]);
  });

  it("are each over their own period, however short the others", () => {
    const policies: readonly RatePolicy[] = [
      { type: "Pods", value: 3, periodMs: 15_000 },
      { type: "Pods", value: 5, periodMs: 60_000 },
    ];
    const both: Behaviour = { ...slow, up: { ...slow.up, select: "Min", policies } };
    play(new HpaBehaviour(both, true), [
      [0, 10, 90, 13],
      [15, 13, 90, 15],
      [45, 15, 90, 15],
      [60, 15, 90, 18],
    ]);
  });
});

describe("the windows", () => {
  it("are as long as each direction has them, even if the other is shorter", () => {
    const windows: Behaviour = {
      up: { ...defaultBehaviour.up, windowMs: 120_000 },
      down: { ...defaultBehaviour.down, windowMs: 60_000 },
    };
    play(new HpaBehaviour(windows, true), [
      [0, 10, 10, 10],
      // Up only by the smallest of two minutes: 10 until the first is out of them.
      [60, 10, 12, 10],
      [119, 10, 14, 10],
      [120, 10, 14, 12],
      // Down only to the largest of one minute: 14 until the last of them is out of it.
      [179, 12, 5, 12],
      [180, 12, 5, 5],
    ]);
  });

  it("begin with the count that is there, so that a restart takes nothing away for 300 s", () => {
    for (const isWritten of [true, false]) {
      const behaviour = new HpaBehaviour(defaultBehaviour, isWritten);
      behaviour.begin(10, 0);
      behaviour.begin(50, 1000);
      play(behaviour, [
        [15, 10, 2, 10],
        [299, 10, 2, 10],
        [300, 10, 2, 2],
      ]);
    }
  });
});
