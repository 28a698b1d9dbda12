import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { byAge } from "./by-age.js";
import { DatedHolding } from "./dated-holding.js";

const MINUTE = 60_000;

/** Ends `count` streams of this age in minutes at the instant `atMin`, completed or interrupted. */
function end(holding: DatedHolding, count: number, ageMin: number, atMin: number, completed: boolean): void {
  for (let i = 0; i < count; i++) {
    holding.onStart(0, (atMin - ageMin) * MINUTE);
    holding.onEnd({ pool: 0, startedAtMs: (atMin - ageMin) * MINUTE }, atMin * MINUTE, completed);
  }
}

interface Seen {
  /** The age in whole minutes at its end, or now. */
  readonly bin: number;
  readonly kind: "ended" | "censored" | "open";
}

/**
 * The survival at an age in minutes by the definition: a hazard per minute, over those at risk in
 * it and the prior (a tenth of two streams).
 */
function plainSurvival(seen: readonly Seen[], reach: number, bins: number): (ageMin: number) => number {
  const at = [1];
  for (let bin = 0; bin < bins; bin++) {
    const own = seen.filter((one) => one.bin === bin);
    const ended = own.filter(({ kind }) => kind === "ended").length;
    const atRisk = 2 + seen.filter((one) => one.bin >= bin).length - (own.length - ended) / 2;
    const hazard = bin < reach ? Math.min((ended + 0.2) / Math.max(atRisk, 2), 0.999) : 0.1;
    at.push(Math.max(1e-9, at[bin] * (1 - hazard)));
  }
  return (ageMin) => {
    const bin = Math.floor(ageMin);
    return bin >= bins ? at[bins] : at[bin] + (at[bin + 1] - at[bin]) * (ageMin - bin);
  };
}

describe("how long streams hold", () => {
  it("is Kaplan–Meier's estimate with censored streams, on an example by hand", () => {
    const holding = new DatedHolding(1, new Float64Array(0));
    // 100,000 streams: 20,000 end in their first minute, 30,000 are interrupted in their second,
    // 25,000 end in their third, 25,000 are open at 3.5 min.
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
    // No stream ends in the second minute, though 30,000 are censored.
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
    const holding = new DatedHolding(1, new Float64Array(0));
    // Of 100,000 streams 20,000 end in their first minute; in the same minute 15,000 are
    // interrupted and 5,000 are that young.
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
    const holding = new DatedHolding(1, new Float64Array(0));
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
    const holding = new DatedHolding(2, past);
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
    const nothing = new DatedHolding(1, new Float64Array(0)).now(0);
    expect(Math.abs(nothing.meanMs / (10 * MINUTE) - 1)).toBeLessThan(0.06);
    const past = new DatedHolding(1, new Float64Array(2000).fill(2.5 * MINUTE)).past;
    expect(Math.abs(past.meanMs / (2.5 * MINUTE) - 1)).toBeLessThan(0.02);
  });

  it("never grows with age, stays within (0, 1], and is never NaN", () => {
    const holding = new DatedHolding(1, Float64Array.of(0, 1, 1e12));
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
    const holding = new DatedHolding(1, new Float64Array(0));
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

  it("is the plain estimate whenever it is fitted in any history, for each pool its own survivors", () => {
    const random = new RandomStream("plain holding");
    const past = Float64Array.of(0.2 * MINUTE, 3.4 * MINUTE, 7 * MINUTE);
    const holding = new DatedHolding(2, past);
    const seen: Seen[] = Array.from(past, (ms) => ({ bin: Math.floor(ms / MINUTE), kind: "ended" }));
    const open: { readonly pool: number; readonly startedAtMs: number }[] = [];
    let reach = 8;
    let survival = plainSurvival(seen, reach, reach + 256);
    let fits = 0;
    let nextFitMin = 0;
    let fittedReach = reach;
    for (let minute = 0; minute < 120; minute++) {
      for (let n = random.integerBelow(5); n > 0; n--) {
        const stream = { pool: random.integerBelow(2), startedAtMs: (minute + random.uniform()) * MINUTE };
        open.push(stream);
        holding.onStart(stream.pool, stream.startedAtMs);
      }
      // Looked at ever later within the minute.
      const nowMin = (minute + 1) * 1.005;
      const nowMs = nowMin * MINUTE;
      for (let n = random.integerBelow(5); n > 0 && open.length > 0; n--) {
        const [stream] = open.splice(random.integerBelow(open.length), 1);
        const completed = random.uniform() < 0.7;
        holding.onEnd(stream, nowMs, completed);
        const bin = Math.floor((nowMs - stream.startedAtMs) / MINUTE);
        seen.push({ bin, kind: completed ? "ended" : "censored" });
        reach = Math.max(reach, bin + 1);
      }
      const minutes = open.map(({ startedAtMs }) => Math.floor(startedAtMs / MINUTE));
      reach = Math.max(reach, Math.floor(nowMin) - Math.min(Math.floor(nowMin), ...minutes) + 1);
      const ages = minutes.map((start) => Math.max(0, Math.floor(nowMin - 0.5 - start)));
      const all = [...seen, ...ages.map((bin): Seen => ({ bin, kind: "open" }))];
      if (nowMin >= nextFitMin) {
        survival = plainSurvival(all, reach, reach + 256);
        fittedReach = reach;
        nextFitMin = nowMin + Math.max(1, Math.min(5, nowMin / 20)) - 1e-9;
        fits++;
      }
      const view = minute % 2 === 0 ? holding.now(nowMs) : holding.keep(nowMs);
      for (const ageMin of [0, 1, 2.5, 6, 20, 60, fittedReach + 200])
        expect(view.survival(ageMin * MINUTE) / survival(ageMin)).toBeCloseTo(1, 9);
      const [zero, one, two, later] = [0, 1, 2, 2.5].map(survival);
      const early = (zero + one) / 2 + (one + two) / 2 + (0.5 * (two + later)) / 2;
      expect(view.integratedSurvivalMs(2.5 * MINUTE) / MINUTE).toBeCloseTo(early, 9);
      let area = 0;
      for (let ageMin = 0; ageMin < fittedReach + 256; ageMin++) area += (survival(ageMin) + survival(ageMin + 1)) / 2;
      // The area also counts the part below 10⁻⁹.
      expect(view.meanMs / MINUTE).toBeCloseTo(area, 6);
      for (const pool of [0, 1]) {
        const own = open.filter((stream) => stream.pool === pool);
        const left = own.reduce((sum, { startedAtMs }) => {
          const minute = Math.floor(startedAtMs / MINUTE);
          return sum + byAge(nowMin, minute, (age) => survival(age + 4) / survival(age));
        }, 0);
        expect(view.survivors(pool, 4 * MINUTE)).toBeCloseTo(left, 6);
      }
    }
    expect(fits).toBeGreaterThan(40);
    expect(fits).toBeLessThan(80);
  });

  it("is fitted again once a minute or 5 % of the run has passed, and not before, with the open streams of now", () => {
    const holding = new DatedHolding(1, new Float64Array(0));
    const first = holding.now(10 * MINUTE).survival(2 * MINUTE);
    end(holding, 500, 1.5, 10, true);
    for (let i = 0; i < 3; i++) holding.onStart(0, 10 * MINUTE);
    const within = holding.now(11 * MINUTE - 1);
    expect([within.survival(2 * MINUTE), within.survivors(0, 0)]).toEqual([first, 3]);
    expect(holding.now(11 * MINUTE).survival(2 * MINUTE)).toBeLessThan(0.02);
    for (const [atMin, againMin] of [
      [30, 31.5],
      [60, 63],
      [90, 94.5],
      [200, 205],
      [1000, 1005],
    ]) {
      const before = holding.now(atMin * MINUTE).meanMs;
      end(holding, 100, 9.5, atMin, true);
      expect(holding.now(againMin * MINUTE - 1).meanMs).toBe(before);
      expect(holding.now(againMin * MINUTE).meanMs).toBeGreaterThan(before);
    }
  });

  it("reaches the curve's last entry for greater ages, and its whole area for farther horizons", () => {
    const view = new DatedHolding(1, Float64Array.of(2.5 * MINUTE)).past;
    expect(view.survival(1e6 * MINUTE)).toBe(view.survival(259 * MINUTE));
    expect(view.integratedSurvivalMs(259 * MINUTE)).toBe(view.meanMs);
    expect(view.integratedSurvivalMs(1e6 * MINUTE)).toBe(view.meanMs);
    expect(view.integratedSurvivalMs(258 * MINUTE)).toBeLessThan(view.meanMs);
  });

  it("expects as many survivors at the end of time as the curve's last entry says", () => {
    const holding = new DatedHolding(1, Float64Array.of(2.5 * MINUTE));
    for (let i = 0; i < 4; i++) holding.onStart(0, 9 * MINUTE);
    const now = holding.now(10 * MINUTE);
    const last = now.survival(1e6 * MINUTE);
    // They are half a minute old, and counted in units of 10⁻⁹.
    const share = byAge(10, 9, (age) => last / now.survival(age * MINUTE));
    for (const view of [now, holding.keep(10 * MINUTE)])
      for (const aheadMs of [5000 * MINUTE, 1e15, Number.POSITIVE_INFINITY])
        expect(Math.abs(view.survivors(0, aheadMs) - 4 * share)).toBeLessThan(4e-9);
  });

  it("counts those that end in the minute of their start, whether it has been counted yet or not", () => {
    const holding = new DatedHolding(2, new Float64Array(0));
    for (let i = 0; i < 3; i++) holding.onStart(1, 5.1 * MINUTE);
    expect(holding.now(5.2 * MINUTE).survivors(1, 0)).toBeCloseTo(3, 9);
    for (let i = 0; i < 2; i++) holding.onEnd({ pool: 1, startedAtMs: 5.1 * MINUTE }, 5.3 * MINUTE, true);
    holding.onStart(1, 5.4 * MINUTE);
    expect(holding.now(5.5 * MINUTE).survivors(1, 0)).toBeCloseTo(2, 9);
    for (let i = 0; i < 2; i++) holding.onEnd({ pool: 1, startedAtMs: 5.1 * MINUTE }, 5.6 * MINUTE, true);
    const none = holding.now(5.7 * MINUTE);
    expect([none.survivors(0, 0), none.survivors(1, 0)]).toEqual([0, 0]);
  });

  it("counts open streams of hundreds of minutes, and of more than the curve has ages", () => {
    const holding = new DatedHolding(2, new Float64Array(0));
    for (let minute = 0; minute < 300; minute++) for (const pool of [0, 1]) holding.onStart(pool, minute * MINUTE);
    const kept = holding.keep(300 * MINUTE);
    for (const view of [holding.now(300 * MINUTE), kept])
      expect([view.survivors(0, 0), view.survivors(1, 0)]).toEqual([300, 300]);
    const late = holding.now(6000 * MINUTE);
    expect(late.survivors(0, 0)).toBeCloseTo(300, 9);
    expect(late.survival(5000 * MINUTE)).toBeGreaterThan(0);
    // 600 that have not ended for days: few will in an hour.
    expect(late.survivors(0, 60 * MINUTE)).toBeGreaterThan(290);
  });

  it("keeps the curve of a snapshot when one of the same length is fitted later", () => {
    const holding = new DatedHolding(1, new Float64Array(50).fill(20.5 * MINUTE));
    for (let i = 0; i < 5; i++) holding.onStart(0, 9 * MINUTE);
    const kept = holding.keep(10 * MINUTE);
    const before = [kept.survival(5 * MINUTE), kept.meanMs, kept.survivors(0, 0)];
    end(holding, 400, 1.5, 12, true);
    for (let i = 0; i < 5; i++) holding.onEnd({ pool: 0, startedAtMs: 9 * MINUTE }, 12 * MINUTE, true);
    const now = holding.now(12 * MINUTE);
    expect(now.survival(5 * MINUTE)).toBeLessThan(0.5 * before[0]);
    expect([kept.survival(5 * MINUTE), kept.meanMs, kept.survivors(0, 0)]).toEqual(before);
  });
});
