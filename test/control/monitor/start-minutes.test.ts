import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { KeptCohorts } from "../../../src/control/monitor/kept-cohorts.js";
import { StartMinutes } from "../../../src/control/monitor/start-minutes.js";
import { survivalAt } from "../../../src/control/monitor/survival-curve.js";
import { byAge } from "./by-age.js";

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
        minutes.start(minute, started);
      } else {
        const [minute] = open.splice(random.integerBelow(open.length), 1);
        minutes.end(minute);
      }
      if (step % 50 !== 0) continue;
      const counts = new Map<number, number>();
      for (const minute of open.toSorted((a, b) => a - b)) counts.set(minute, (counts.get(minute) ?? 0) + 1);
      expect(written(minutes)).toEqual([...counts].flat());
      expect(minutes.oldest).toBe(counts.size === 0 ? -1 : [...counts][0][0]);
    }
    for (const minute of open) minutes.end(minute);
    expect(written(minutes)).toEqual([]);
    expect(minutes.oldest).toBe(-1);
  });

  it("survive as their minutes' shares say, whatever starts, ends, is asked or is fitted between", () => {
    const random = new RandomStream("survivors");
    for (let n = 0; n < 60; n++) {
      const minutes = new StartMinutes();
      const open: number[] = [];
      const survivals = new Float64Array(3 + random.integerBelow(60));
      const fit = (): void => {
        for (let bin = 0, left = 1; bin < survivals.length; bin++, left *= 0.8 + 0.2 * random.uniform())
          survivals[bin] = left;
        minutes.read(survivals);
      };
      fit();
      let nowMin = 2 * random.uniform();
      const asked = [0.7, 45 * random.uniform()];
      for (let step = 0; step < 300; step++) {
        // Looked at often within a minute, and sometimes only after a gap.
        nowMin += random.uniform() < 0.02 ? 20 * random.uniform() : 0.2 * random.uniform();
        const minute = Math.floor(Math.max(0, nowMin - (random.uniform() < 0.1 ? 30 * random.uniform() : 0)));
        if (random.uniform() < 0.6) {
          const count = 1 + random.integerBelow(3);
          for (let i = 0; i < count; i++) open.push(minute);
          minutes.start(minute, count);
        } else if (open.length > 0) minutes.end(open.splice(random.integerBelow(open.length), 1)[0]);
        if (random.uniform() < 0.1) fit();
        if (random.uniform() < 0.1) asked[random.integerBelow(2)] = 45 * random.uniform();
        for (const aheadMin of asked.slice(0, 1 + (n % 2))) expectSurvivors(minutes, survivals, open, nowMin, aheadMin);
      }
    }
  });

  it("are counted in the room of their minute, however old the oldest is", () => {
    const minutes = new StartMinutes();
    minutes.read(Float64Array.of(1, 0.5, 0.25));
    minutes.start(3, 2);
    // The same place modulo 256, 512 and 1,024.
    for (const minute of [259, 515, 1027]) minutes.start(minute, 1);
    minutes.end(3);
    expect(written(minutes)).toEqual([3, 1, 259, 1, 515, 1, 1027, 1]);
    expect(minutes.survivors(1027.5 * 60_000, 60_000)).toBe(3.5);
    minutes.end(515);
    expect(minutes.survivors(1027.5 * 60_000, 60_000)).toBe(2.5);
  });

  it("all stay where no curve was given", () => {
    const minutes = new StartMinutes();
    for (const minute of [1, 40, 300]) minutes.start(minute, 2);
    minutes.end(40);
    expect(minutes.survivors(300.7 * 60_000, 60_000)).toBe(5);
  });

  it("cannot end where none is open, nor in the place of another minute", () => {
    const minutes = new StartMinutes();
    minutes.start(3, 1);
    minutes.end(3);
    expect(() => minutes.end(3)).toThrow("a stream ends that started in minute 3, when none is open");
    minutes.start(3, 1);
    expect(() => minutes.end(259)).toThrow("a stream ends that started in minute 259, when none is open");
  });
});

/**
 * Survivors by the definition. Shares are whole multiples of 10⁻⁹. A copy of the streams counts
 * exactly as many.
 */
function expectSurvivors(
  minutes: StartMinutes,
  survivals: Float64Array,
  open: readonly number[],
  nowMin: number,
  aheadMin: number,
): void {
  const at = (ageMin: number): number => survivalAt(survivals, ageMin * 60_000);
  const share = (ageMin: number): number => at(ageMin + aheadMin) / at(ageMin);
  const expected = open.reduce((sum, minute) => sum + byAge(nowMin, minute, share), 0);
  const found = minutes.survivors(nowMin * 60_000, aheadMin * 60_000);
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(open.length * 1e-9 + 1e-12);
  const pairs = new Int32Array(2 * minutes.size);
  const copy = new KeptCohorts(survivals, pairs, Int32Array.of(minutes.write(pairs, 0)));
  expect(copy.survivors(0, nowMin * 60_000, aheadMin * 60_000)).toBe(found);
}
