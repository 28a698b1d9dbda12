import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { StartMinutes } from "../../../src/control/monitor/start-minutes.js";
import { survivalAt } from "../../../src/control/monitor/survival-curve.js";

function written(minutes: StartMinutes): number[] {
  const pairs = new Int32Array(2 * minutes.size + 3).fill(-7);
  const end = minutes.write(pairs, 3);
  expect(end).toBe(3 + 2 * minutes.size);
  return [...pairs.subarray(3, end)];
}

describe("open streams by the minute of their start", () => {
  it("are those of a plain count, in the order of the minutes, whatever starts and ends when", () => {
    const random = new RandomStream("start minutes");
    const minutes = new StartMinutes();
    const open: number[] = [];
    let now = 0;
    for (let step = 0; step < 4000; step++) {
      // Some streams start in a minute before the newest, as when a clock is set back.
      if (step % 9 === 0) now += random.integerBelow(4);
      if (open.length === 0 || random.uniform() < 0.35) {
        const minute = Math.max(0, now - (random.uniform() < 0.1 ? random.integerBelow(20) : 0));
        const started = 1 + random.integerBelow(3);
        for (let i = 0; i < started; i++) open.push(minute);
        minutes.change(minute, started);
      } else {
        const [minute] = open.splice(random.integerBelow(open.length), 1);
        minutes.change(minute, -1);
      }
      if (step % 50 !== 0) continue;
      const counts = new Map<number, number>();
      for (const minute of open.toSorted((a, b) => a - b)) counts.set(minute, (counts.get(minute) ?? 0) + 1);
      expect(written(minutes)).toEqual([...counts].flat());
      expect(minutes.oldest).toBe(counts.size === 0 ? -1 : [...counts][0][0]);
    }
    for (const minute of open) minutes.change(minute, -1);
    expect(written(minutes)).toEqual([]);
    expect(minutes.oldest).toBe(-1);
  });

  it("survive as each minute's share says, at either end of the curve and between", () => {
    const random = new RandomStream("survivors");
    for (let n = 0; n < 400; n++) {
      const minutes = new StartMinutes();
      const bins = 2 + random.integerBelow(30);
      const survivals = new Float64Array(bins + 1);
      for (let bin = 0, left = 1; bin <= bins; bin++, left *= 0.8 + 0.2 * random.uniform()) survivals[bin] = left;
      for (let i = random.integerBelow(12); i > 0; i--) minutes.change(random.integerBelow(40), 1 + (i % 3));
      // Up to two minutes before the newest stream started, or long after the curve's end.
      const atMs = (38 + 30 * random.uniform()) * 60_000;
      const aheadMs = 45 * random.uniform() * 60_000;
      const share = (ageMs: number): number => survivalAt(survivals, Math.max(0, ageMs));
      let expected = 0;
      const pairs = written(minutes);
      for (let i = 0; i < pairs.length; i += 2) {
        const ageMs = atMs - (pairs[i] + 0.5) * 60_000;
        expected += (pairs[i + 1] * share(Math.max(0, ageMs) + aheadMs)) / share(ageMs);
      }
      expect(minutes.survivors(survivals, atMs, aheadMs)).toBeCloseTo(expected, 9);
    }
  });

  it("cannot be fewer than none", () => {
    const minutes = new StartMinutes();
    minutes.change(3, 2);
    expect(() => minutes.change(3, -3)).toThrow("-1 streams are open that started in minute 3");
  });
});
