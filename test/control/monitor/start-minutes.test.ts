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
      if (open.length === 0 || random.uniform() < 0.52) {
        const minute = Math.max(0, now - (random.uniform() < 0.1 ? random.integerBelow(20) : 0));
        open.push(minute);
        minutes.add(minute);
      } else {
        const [minute] = open.splice(random.integerBelow(open.length), 1);
        minutes.remove(minute);
      }
      if (step % 50 !== 0) continue;
      const counts = new Map<number, number>();
      for (const minute of open.toSorted((a, b) => a - b)) counts.set(minute, (counts.get(minute) ?? 0) + 1);
      expect(written(minutes)).toEqual([...counts].flat());
      expect(minutes.oldest).toBe(counts.size === 0 ? -1 : [...counts][0][0]);
    }
    for (const minute of open) minutes.remove(minute);
    expect(written(minutes)).toEqual([]);
    expect(minutes.oldest).toBe(-1);
  });
});
