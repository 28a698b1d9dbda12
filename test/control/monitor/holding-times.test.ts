import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { HoldingTimes } from "../../../src/control/monitor/holding-times.js";

const MINUTE = 60_000;

/** Ends `count` streams of this age in minutes at the instant `atMin`, completed or interrupted. */
function end(holding: HoldingTimes, count: number, ageMin: number, atMin: number, completed: boolean): void {
  for (let i = 0; i < count; i++) {
    holding.onStart(0, (atMin - ageMin) * MINUTE);
    holding.onEnd({ pool: 0, startedAtMs: (atMin - ageMin) * MINUTE }, atMin * MINUTE, completed);
  }
}

describe("how long streams hold", () => {
  it("is Kaplan–Meier's estimate with censored streams, on an example by hand", () => {
    const holding = new HoldingTimes(1, new Float64Array(0));
    // 100,000 streams: 20,000 end in their first minute, 30,000 are cut off in their second, 25,000
    // end in their third, 25,000 are open at 3.5 min.
    end(holding, 20_000, 0.5, 100, true);
    end(holding, 30_000, 1.5, 100, false);
    end(holding, 25_000, 2.5, 100, true);
    for (let i = 0; i < 25_000; i++) holding.onStart(0, 96.5 * MINUTE);
    const view = holding.now(100 * MINUTE);
    // The prior is worth 2 streams of 100,000: a relative 1e-4 at most.
    const close = (found: number, wanted: number): void => expect(Math.abs(found / wanted - 1)).toBeLessThan(2e-4);
    close(view.survival(0), 1);
    // 20,000 of 100,000 at risk.
    close(view.survival(1 * MINUTE), 0.8);
    // Nobody ends in the second minute, though 30,000 are censored.
    close(view.survival(2 * MINUTE), 0.8);
    // 25,000 of the 50,000 that are left.
    close(view.survival(3 * MINUTE), 0.4);
    close(view.survival(0.5 * MINUTE), 0.9);
    // The trapezoid under it: 0.9 + 0.8 + 0.6 minutes.
    close(view.integratedSurvivalMs(3 * MINUTE), 2.3 * MINUTE);
    // Of 25,000 that are 3.5 min old all are at an age from which none has been seen to end.
    close(view.survivors(0, 0), 25_000);
  });

  it("counts those that are cut off or still open within a minute as at risk for half of it", () => {
    const holding = new HoldingTimes(1, new Float64Array(0));
    // Of 100,000 streams 20,000 end in their first minute; in the same minute 15,000 are cut off
    // and 5,000 are that young.
    end(holding, 20_000, 0.5, 100, true);
    end(holding, 15_000, 0.5, 100, false);
    for (let i = 0; i < 5_000; i++) holding.onStart(0, 99.5 * MINUTE);
    end(holding, 60_000, 5.5, 100, true);
    const view = holding.now(100 * MINUTE);
    // 20,000 of 100,000 − (15,000 + 5,000)/2 exposed; the prior is worth 2 streams.
    expect(Math.abs(view.survival(1 * MINUTE) / (1 - 20 / 90) - 1)).toBeLessThan(2e-4);
  });

  it("is not biased by streams that are still open, as the mean of those that ended would be", () => {
    const random = new RandomStream("holding");
    const holding = new HoldingTimes(1, new Float64Array(0));
    // A stream begins every 50 ms for 40 min and holds 20 min on average: half of those that began
    // are open at the end.
    let endedSum = 0;
    let ended = 0;
    for (let startMs = 0; startMs < 40 * MINUTE; startMs += 50) {
      const holdMs = random.exponential() * 20 * MINUTE;
      holding.onStart(0, startMs);
      if (startMs + holdMs >= 40 * MINUTE) continue;
      holding.onEnd({ pool: 0, startedAtMs: startMs }, startMs + holdMs, true);
      endedSum += holdMs;
      ended++;
    }
    const view = holding.now(40 * MINUTE);
    expect(endedSum / ended).toBeLessThan(12 * MINUTE);
    for (const ageMin of [1, 5, 10, 20, 30]) {
      // Standard error of a survival of 48,000 streams with censoring is below 0.004; a bin of a
      // minute adds 0.001.
      expect(Math.abs(view.survival(ageMin * MINUTE) - Math.exp(-ageMin / 20))).toBeLessThan(0.017);
    }
  });

  it("counts survivors by the age that each stream has reached, per pool", () => {
    const past = Float64Array.from({ length: 10_000 }, (_, i) => (i % 2 === 0 ? 0.5 : 10.5) * MINUTE);
    const holding = new HoldingTimes(2, past);
    // Half end within a minute, the rest in their eleventh. Ten new ones and ten that have passed
    // the first minute.
    for (let i = 0; i < 10; i++) holding.onStart(1, 60 * MINUTE);
    for (let i = 0; i < 10; i++) holding.onStart(1, 56 * MINUTE);
    const view = holding.now(60 * MINUTE);
    expect(view.survivors(0, 2 * MINUTE)).toBe(0);
    expect(Math.abs(view.survivors(1, 2 * MINUTE) - (10 * 0.5 + 10))).toBeLessThan(0.1);
    expect(view.survivors(1, 20 * MINUTE)).toBeLessThan(0.2);
  });

  it("starts from a prior of ten minutes, and from the past where there is one", () => {
    const nothing = new HoldingTimes(1, new Float64Array(0)).now(0);
    expect(Math.abs(nothing.meanMs / (10 * MINUTE) - 1)).toBeLessThan(0.06);
    const past = new HoldingTimes(1, new Float64Array(2000).fill(2.5 * MINUTE)).past;
    expect(Math.abs(past.meanMs / (2.5 * MINUTE) - 1)).toBeLessThan(0.02);
  });

  it("never grows with age, stays within (0, 1], and is never NaN", () => {
    const holding = new HoldingTimes(1, Float64Array.of(0, 1, 1e12));
    end(holding, 50, 3, 90, false);
    const view = holding.now(100 * MINUTE);
    let last = 1;
    for (const ageMin of [0, 0.1, 1, 5, 100, 4095, 4096, 5000, 1e9]) {
      const survival = view.survival(ageMin * MINUTE);
      expect(survival).toBeLessThanOrEqual(last);
      expect(survival).toBeGreaterThan(0);
      expect(view.integratedSurvivalMs(ageMin * MINUTE)).toBeLessThanOrEqual(Math.max(1, ageMin) * MINUTE);
      last = survival;
    }
  });

  it("keeps a snapshot unchanged by later streams", () => {
    const holding = new HoldingTimes(1, new Float64Array(0));
    end(holding, 100, 4, 10, true);
    for (let i = 0; i < 7; i++) holding.onStart(0, 9 * MINUTE);
    const kept = holding.keep(10 * MINUTE);
    const before = [kept.survivors(0, 0), kept.survival(3 * MINUTE), kept.meanMs, kept.survivors(0, 5 * MINUTE)];
    end(holding, 5000, 1, 14, true);
    for (let i = 0; i < 400; i++) holding.onStart(0, 9.5 * MINUTE);
    expect(holding.now(15 * MINUTE).survivors(0, 0)).toBeCloseTo(407, 6);
    expect([kept.survivors(0, 0), kept.survival(3 * MINUTE), kept.meanMs, kept.survivors(0, 5 * MINUTE)]).toEqual(
      before,
    );
    expect(before[0]).toBeCloseTo(7, 9);
  });
});
