import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../src/base/random.js";
import { ArrivalNowcast } from "../../../../src/control/policies/predictive/arrival-nowcast.js";
import { defaultPredictiveKnobs, type PredictiveKnobs } from "../../../../src/control/policies/predictive/knobs.js";
import { createPredictive } from "../../../../src/control/policies/predictive/predictive.js";
import type { Forecaster } from "../../../../src/ports/forecaster.js";
import type { FleetObservation, PoolDecision, PoolObservation } from "../../../../src/ports/policy.js";
import { firstDecision, observation, pastBins, pool } from "./hand-made-observation.js";

const TICK_MS = 5_000;
const PER_TICK = 16;
const PER_BIN = 60 * PER_TICK;
const RATE = PER_TICK / TICK_MS;
/** z of the default quantile, 0.999. */
const Z = 3.090232306;
type Seen = Partial<PoolObservation>;

/**
 * The decision at each tick, given the observation there. 16 arrivals per tick hold 1,920 streams
 * open, on 250 streamlets of eight slots.
 */
function decisions(seen: readonly Seen[], knobs: Partial<PredictiveKnobs> = {}, more: Partial<FleetObservation> = {}) {
  const context = { pools: [pool()], tickMs: TICK_MS, random: new RandomStream("unused") };
  const policy = createPredictive({ ...defaultPredictiveKnobs, forecaster: "none", ...knobs }, context);
  return seen.map((one, tick) => {
    const nowMs = tick * TICK_MS;
    const whole = { open: 1920, ready: 250, observedReady: 250, arrivals: PER_TICK * tick, ...one };
    const all = { history: pastBins([PER_BIN]), ...more };
    return firstDecision(policy, observation(nowMs, whole, all)) as PoolDecision;
  });
}

function repeated(times: number, seen: Seen = {}): Seen[] {
  return Array.from({ length: times }, () => seen);
}

function detail(decision: PoolDecision, name: string): number {
  return decision.details?.[name] ?? Number.NaN;
}

/** 960 arrivals in the last bin, and 480 more in each of the next ones than in the one before. */
const rising: Forecaster = {
  name: "rising",
  fit() {},
  update() {},
  forecast(bins, levels = []) {
    const mean = Float64Array.from({ length: bins }, (_, i) => PER_BIN + 480 * (i + 1));
    return { mean, levels, quantiles: levels.map(() => mean) };
  },
};

describe("what the predictive policy expects", () => {
  it("is the arrivals within its horizon plus the age of its metrics", () => {
    const [fresh] = decisions([{}]);
    expect(detail(fresh, "expectedArrivals")).toBeCloseTo(RATE * 35_000, 6);
    const [stale] = decisions([{ observedAtMs: -15_000 }]);
    expect(detail(stale, "expectedArrivals")).toBeCloseTo(RATE * 50_000, 6);
    expect(detail(stale, "horizonMs")).toBe(35_000);
    // As many end as come, over whatever span.
    for (const one of [fresh, stale]) expect(detail(one, "expectedOpen")).toBeCloseTo(1920, 6);
  });

  it("counts those that wait as arrivals, of which some have ended after the span", () => {
    const [waiting] = decisions([{ waiting: 24 }]);
    const openShare = (600 / 35) * (1 - Math.exp(-35 / 600));
    expect(detail(waiting, "expectedOpen")).toBeCloseTo(1920 + 24 * openShare, 6);
  });

  it("is as many open streams as there are, and those that wait, where ages are not looked at", () => {
    const [waiting] = decisions([{ waiting: 24 }], { survival: false });
    expect(detail(waiting, "expectedOpen")).toBe(1944);
  });

  it("is within the horizon that is set, where one is", () => {
    const [set] = decisions([{}], { horizonMs: 10_000 });
    expect([detail(set, "horizonMs"), detail(set, "expectedArrivals")]).toEqual([
      10_000,
      expect.closeTo(RATE * 10_000, 6),
    ]);
  });

  it.each([
    ["no bin", [], 0],
    ["an empty bin last", [PER_BIN, 0], 0],
    ["a bin last whose count is unknown", [PER_BIN, Number.NaN], 0],
    ["a bin of another count last", [0, PER_BIN], RATE],
  ])("begins with the rate of the history, here with %s", (_, bins, ratePerMs) => {
    const [first] = decisions([{}], {}, { history: pastBins(bins) });
    expect(detail(first, "expectedArrivals")).toBeCloseTo(35_000 * ratePerMs, 6);
  });

  it("judges the interval of a decision at the instant for which it was made, 35 s later", () => {
    const scales = decisions(repeated(9)).map((decision) => detail(decision, "intervalScale"));
    expect(scales.slice(0, 7)).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(scales[7]).toBeLessThan(1);
    expect(scales[8]).toBeLessThan(scales[7]);
  });

  it("shows the forecast that it was made from, where there is one", () => {
    const context = { pools: [pool()], tickMs: TICK_MS, random: new RandomStream("unused") };
    const made = (forecaster: PredictiveKnobs["forecaster"]) => {
      const policy = createPredictive({ ...defaultPredictiveKnobs, forecaster, sharing: false }, context);
      policy.decide(observation(0, {}, { history: pastBins([PER_BIN]) }), 0);
      return policy.outlook?.(0);
    };
    expect(made("none")).toBeUndefined();
    const shown = made(() => rising);
    expect([shown?.fromMs, shown?.binMs, shown?.forecast.mean[0]]).toEqual([0, 300_000, PER_BIN + 480]);
  });

  it("follows the forecast from its rate now to its rate in the middle of the span", () => {
    // At t=0, between two centres, 1,200 per bin, and 480/300 more per second from there.
    const perMs = (atMs: number): number => (1200 + (480 * atMs) / 300_000) / 300_000;
    // Ten minutes of what it described, so that the nowcast learns to trust it.
    const seen = Array.from({ length: 120 }, (_, tick) => {
      const atMs = tick * TICK_MS;
      return { arrivals: (perMs(0) + perMs(atMs)) * (atMs / 2) };
    });
    const decided = decisions(seen, { forecaster: () => rising, sharing: false });
    const [nowcast, flat] = [new ArrivalNowcast(RATE), new ArrivalNowcast(RATE)];
    let [expected, withoutSlope] = [0, 0];
    seen.forEach(({ arrivals }, tick) => {
      const atMs = tick * TICK_MS;
      for (const one of [nowcast, flat]) one.observe(atMs, arrivals);
      expected = nowcast.expect(35_000, perMs(atMs), perMs(atMs + 17_500));
      withoutSlope = flat.expect(35_000, perMs(atMs), perMs(atMs));
    });
    expect(detail(decided[119], "expectedArrivals")).toBeCloseTo(expected, 6);
    expect(Math.abs(expected - withoutSlope)).toBeGreaterThan(0.01);
  });
});

describe("the intervals of the predictive policy", () => {
  it.each(["open", "openDraining", "waiting"] as const)("are judged by streams that are %s, too", (where) => {
    // 1,500 streams more than were expected 35 s before: each such interval misses.
    const more = { [where]: where === "open" ? 3420 : 1500 };
    const [steady, jump] = [repeated(9), [...repeated(8), more]].map((seen) => decisions(seen)[8]);
    expect(detail(steady, "coverage")).toBeGreaterThan(0.95);
    expect(detail(jump, "coverage")).toBeLessThan(0.95);
  });
});

describe("the safety net", () => {
  /** Streams pile up that no request announces: the intervals miss all the time. */
  const growing = Array.from({ length: 300 }, (_, i) => ({ open: 1920 + 40 * i, openDraining: 80, waiting: 24 }));

  it("adds what square-root staffing on present streams asks for beyond the forecast once distrust is whole", () => {
    const last = decisions(growing)[299];
    const present = 1920 + 40 * 299 + 80 + 24;
    expect(detail(last, "coverage")).toBeLessThan(0.8);
    const asked = present + Z * Math.sqrt(present);
    expect(detail(last, "added")).toBeCloseTo(asked - detail(last, "expectedOpen") - detail(last, "margin"), 3);
  });

  it("adds nothing where the forecast asks for more", () => {
    const crowd = decisions([...growing, { open: 80, arrivals: 100_000 }])[300];
    expect(detail(crowd, "expectedOpen")).toBeGreaterThan(80 + Z * Math.sqrt(80));
    expect(detail(crowd, "added")).toBe(0);
  });

  it("is the reason for a rise only where it adds more than the margin", () => {
    const few = repeated(1, { ready: 1 });
    expect(decisions(few)[0].reason).toBe("forecast-rise");
    // Below the median there is no margin, and nothing is added: neither is more than the other.
    const none = decisions(few, { quantile: 0.3 })[0];
    expect([detail(none, "margin"), detail(none, "added"), none.reason]).toEqual([0, 0, "forecast-rise"]);
    const last = decisions(growing.map((seen) => ({ ...seen, ready: 1 })))[299];
    expect([detail(last, "added") > detail(last, "margin"), last.reason]).toEqual([true, "safety-net"]);
  });
});

describe("the predictive policy's decision", () => {
  const needed = detail(decisions([{}])[0], "needed");

  it("is as forecast where exactly as many stand as are needed, those that spawn included", () => {
    for (const spawning of [0, 50]) {
      const [decided] = decisions([{ ready: needed - spawning, spawning }]);
      expect(decided).toMatchObject({ desired: needed, reason: "as-forecast" });
    }
  });

  it("rises by one where one is missing, and falls by one where one is too many", () => {
    expect(decisions([{ ready: needed - 1 }])[0]).toMatchObject({ desired: needed, reason: "forecast-rise" });
    expect(decisions([{ ready: needed + 1 }])[0]).toMatchObject({ desired: needed, reason: "forecast-fall" });
  });

  it("keeps what was needed lately, with all that it was computed from", () => {
    const [, second] = decisions([{ ready: needed }, { open: 960, ready: needed }]);
    expect(second).toMatchObject({ desired: needed, reason: "needed-lately" });
    expect(detail(second, "needed")).toBeLessThan(needed);
    expect(Object.keys(second.details ?? {})).toEqual([
      ...["horizonMs", "expectedArrivals", "expectedOpen", "deviation", "margin", "added"],
      ...["intervalScale", "coverage", "needed", "neededLately"],
    ]);
  });

  it("falls back on the highest need within the delay, not on the first or the last", () => {
    const opens = [1200, 1920, 1500, 960];
    const decided = decisions(opens.map((open) => ({ open, ready: 400 })));
    const needs = decided.map((one) => detail(one, "needed"));
    expect(detail(decided[3], "neededLately")).toBe(needs[1]);
    // Five ticks on, the 1,920 and the 1,500 are out of the delay of three.
    const later = decisions([...opens, 960, 960, 960].map((open) => ({ open, ready: 400 })));
    expect(detail(later[6], "neededLately")).toBeLessThan(needs[2]);
  });
});

describe("the predictive policy with a warm pool", () => {
  const spawn = { quantileMs: () => 120_000 };
  const warm = (startMs: number) => ({ spawn, warmStart: { quantileMs: () => startMs } });

  it("staffs for the time that a parked streamlet takes, and its tick; a second where that is unknown", () => {
    const horizon = (startMs: number): number =>
      detail(decisions([{}], { warmPool: true }, warm(startMs))[0], "horizonMs");
    expect([500, Number.NaN].map(horizon)).toEqual([5500, 6000]);
    // A warm start that takes longer than a spawn is no reason to look further ahead.
    expect(horizon(300_000)).toBe(125_000);
  });

  it("looks further ahead by the age of its metrics, too", () => {
    const [stale] = decisions([{ observedAtMs: -15_000 }], { warmPool: true }, warm(500));
    expect(detail(stale, "expectedArrivals")).toBeCloseTo(RATE * 20_500, 6);
    expect(detail(stale, "expectedOpen")).toBeCloseTo(1920, 6);
    const far = detail(decisions([{ observedAtMs: -15_000 }], {}, { spawn })[0], "needed");
    expect(detail(stale, "neededLater")).toBe(far);
  });

  it("parks what is needed later and not now, and none where more than that stands", () => {
    const [first] = decisions([{}], { warmPool: true }, warm(500));
    expect(first.parked).toBe(detail(first, "neededLater") - first.desired);
    expect(first.parked).toBeGreaterThan(0);
    expect(detail(first, "parked")).toBe(first.parked);
    // Needed lately, so still desired: more than is needed later.
    const [, fallen] = decisions([{}, { open: 200 }], { warmPool: true }, warm(500));
    expect([fallen.desired > detail(fallen, "neededLater"), fallen.parked]).toEqual([true, 0]);
  });

  it("learns from the view as far as a spawn only: with and without a warm pool it needs as much later", () => {
    const random = new RandomStream("bursts");
    let arrivals = 0;
    const bursts = Array.from({ length: 120 }, () => {
      arrivals += random.integerBelow(60);
      return { arrivals, open: 1500 + random.integerBelow(800) };
    });
    const learnt = (decided: PoolDecision[], need: string): number[][] =>
      decided.map((one) => [need, "coverage", "intervalScale"].map((name) => detail(one, name)));
    const later = learnt(decisions(bursts, { warmPool: true }, warm(500)), "neededLater");
    expect(later).toEqual(learnt(decisions(bursts, {}, { spawn }), "needed"));
  });
});
