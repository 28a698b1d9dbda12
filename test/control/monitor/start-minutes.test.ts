import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { StartMinutes } from "../../../src/control/monitor/start-minutes.js";

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

  it("cannot be fewer than none", () => {
    const minutes = new StartMinutes();
    minutes.change(3, 2);
    expect(() => minutes.change(3, -3)).toThrow("-1 streams are open that started in minute 3");
  });
});
