import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../src/base/random.js";
import {
  defaultPredictiveKnobs,
  type PredictiveKnobs,
  predictiveReasons,
} from "../../../../src/control/policies/predictive/knobs.js";
import { createPredictive } from "../../../../src/control/policies/predictive/predictive.js";
import type { Policy, PoolDecision, PoolObservation } from "../../../../src/ports/policy.js";
import { exponentialHolding, firstDecision, observation, pastBins, pool } from "./hand-made-observation.js";

const TICK_MS = 5_000;
const PER_TICK = 16;

function predictive(knobs: Partial<PredictiveKnobs> = {}): Policy {
  const context = { pools: [pool()], tickMs: TICK_MS, random: new RandomStream("unused") };
  return createPredictive({ ...defaultPredictiveKnobs, forecaster: "none", ...knobs }, context);
}

/**
 * A timeline: the decision at each tick, given the observation there. 16 arrivals per tick hold
 * 1,920 streams open.
 */
function decisions(
  policy: Policy,
  seen: readonly Partial<PoolObservation>[],
  open = 1920,
): (PoolDecision | undefined)[] {
  return seen.map((one, tick) => {
    const now = tick * TICK_MS;
    const arrivals = PER_TICK * tick;
    const whole = { open, ready: 250, observedReady: 250, arrivals, ...one };
    const history = pastBins([PER_TICK * 60]);
    return firstDecision(policy, observation(now, whole, { history }));
  });
}

describe("the predictive policy", () => {
  it("staffs expected streams plus z standard deviations, in whole streamlets", () => {
    const [first] = decisions(predictive({ quantile: 0.999 }), [{}]);
    const { expectedOpen, deviation, margin, needed } = first?.details ?? {};
    // 1,920 stay 1,920: in 35 s 6 % end, and 112 arrive, of which 3 % end.
    expect(expectedOpen).toBeCloseTo(1920, 0);
    expect(margin).toBeCloseTo(3.090232306 * deviation, 3);
    expect(needed).toBe(Math.ceil((expectedOpen + margin) / 8));
  });

  it("looks ahead by the measured spawn time and its tick, and by the age of its metrics", () => {
    const policy = predictive();
    const decided = policy.decide(
      observation(60_000, { observedAtMs: 45_000 }, { spawn: { quantileMs: () => 120_000 } }),
      60_000,
    );
    expect(decided[0]?.details?.horizonMs).toBe(125_000);
    const [unmeasured] = policy.decide(observation(65_000, {}, { spawn: { quantileMs: () => Number.NaN } }), 65_000);
    expect(unmeasured?.details?.horizonMs).toBe(35_000);
  });

  it("asks for more at once when the requests come faster, before streams have piled up", () => {
    const steady = Array.from({ length: 40 }, () => ({}));
    const faster = Array.from({ length: 6 }, (_, i) => ({ arrivals: PER_TICK * 40 + 3 * PER_TICK * (i + 1) }));
    const decided = decisions(predictive(), [...steady, ...faster]);
    const before = decided[39]?.details?.needed ?? Number.NaN;
    expect(decided[45]?.details?.needed).toBeGreaterThan(before + 5);
  });

  it("lets capacity go only after it was not needed for the drain delay", () => {
    const seen = [
      ...Array.from({ length: 10 }, () => ({ open: 1920 })),
      ...Array.from({ length: 10 }, () => ({ open: 1600 })),
    ];
    const policy = predictive({ drainDelayMs: 20_000, survival: false, safetyNet: false });
    const decided = decisions(
      policy,
      seen.map((one) => ({ ...one, ready: 255 })),
    );
    // t = 45 s is the last tick at which 1,920 were open: it counts until 65 s.
    expect(decided[10]?.reason).toBe("forecast-fall");
    expect(decided[13]?.desired).toBe(decided[9]?.desired);
    expect(decided[14]?.desired).toBeLessThan((decided[9]?.desired ?? 0) - 30);
  });

  it("keeps streamlets that were needed lately, with that as its reason", () => {
    const seen = [{ open: 1920 }, { open: 1800 }];
    const decided = decisions(
      predictive({ drainDelayMs: 20_000 }),
      seen.map((one) => ({ ...one, ready: 240 })),
    );
    expect(decided[1]).toMatchObject({ reason: "needed-lately", desired: 240 });
  });

  it("plans no slot for streams that will still be on draining streamlets", () => {
    const [all] = decisions(predictive(), [{ open: 1920 }]);
    const [some] = decisions(predictive(), [{ open: 1720, openDraining: 200 }]);
    const stay = Math.exp(-35 / 600);
    expect((all?.desired ?? 0) - (some?.desired ?? 0)).toBeCloseTo((200 * stay) / 8, -0.5);
  });

  it("keeps streamlets parked that are needed later, when they leave the warm pool fast", () => {
    const policy = predictive({ warmPool: true });
    const history = pastBins([PER_TICK * 60]);
    const seen = { open: 1920, ready: 250, observedReady: 250 };
    const warm = { history, spawn: { quantileMs: () => 120_000 }, warmStart: { quantileMs: () => 500 } };
    const [decided] = policy.decide(observation(0, seen, warm), 0);
    const [cold] = predictive().decide(observation(0, seen, { ...warm }), 0);
    // 5.5 s ahead little can happen, 125 s ahead much.
    expect(decided?.desired).toBeLessThan((cold?.desired ?? 0) - 3);
    expect((decided?.desired ?? 0) + (decided?.parked ?? 0)).toBe(cold?.details?.needed);
  });

  it("scales for the present load when its intervals keep failing", () => {
    // Streams that never end, without arrivals: the projection by survival is always wrong.
    const growing = Array.from({ length: 300 }, (_, i) => ({ open: 1920 + 40 * i, ready: 1 }));
    const decide = (safetyNet: boolean) =>
      growing.map((seen, tick) => {
        const whole = { ...seen, observedReady: 1, arrivals: PER_TICK * tick };
        return policies[Number(safetyNet)].decide(
          observation(tick * TICK_MS, whole, { holding: exponentialHolding(seen.open) }),
          tick * TICK_MS,
        )[0];
      });
    const policies = [predictive({ safetyNet: false }), predictive({ safetyNet: true })];
    const alone = decide(false)[299];
    const held = decide(true)[299];
    expect(held?.details?.added).toBeGreaterThan(0);
    expect(held?.desired).toBeGreaterThan(alone?.desired ?? Number.POSITIVE_INFINITY);
    expect((held?.desired ?? 0) * 8).toBeGreaterThan(1920 + 40 * 299);
  });

  it("multiplies its deviation by the scale that its intervals need", () => {
    const steady = Array.from({ length: 60 }, () => ({ open: 1920 }));
    const crowded = steady.map((one, tick) => (tick >= 20 && tick < 40 ? { open: 4000 } : one));
    // The same requests, and the same streams at the last tick: only the past misses differ.
    const [plain, missed] = [steady, crowded].map((seen) => decisions(predictive(), seen)[59]?.details);
    const scales = (missed?.intervalScale ?? Number.NaN) / (plain?.intervalScale ?? Number.NaN);
    expect(scales).toBeGreaterThan(1.005);
    expect((missed?.deviation ?? Number.NaN) / (plain?.deviation ?? Number.NaN)).toBeCloseTo(scales, 9);
  });

  it("adds nothing for the present load while its intervals hold", () => {
    const [first] = decisions(predictive({ safetyNet: true }), [{ open: 19_200 }], 19_200);
    const { expectedOpen, margin, added } = first?.details ?? {};
    // The open streams with a margin of z·√open are more than the expected streams with their
    // margin.
    expect(19_200 + 3.09 * Math.sqrt(19_200)).toBeGreaterThan(expectedOpen + margin);
    expect(added).toBe(0);
  });

  it("keeps the decision in force while it has seen no metrics", () => {
    const [decided] = decisions(predictive(), [{ observedAtMs: Number.NEGATIVE_INFINITY, desired: 7 }]);
    expect(decided).toEqual({ desired: 7, reason: "no-metrics" });
  });

  it("gives reasons out of its closed set, and finite details, whatever it sees", () => {
    const random = new RandomStream("wild");
    const policy = predictive({ forecaster: "ensemble" });
    for (let tick = 0; tick < 500; tick++) {
      const open = random.integerBelow(5000);
      const seen = { open, openDraining: random.integerBelow(100), waiting: random.integerBelow(50), ready: 1 };
      const arrivals = tick * 16;
      const [decided] = policy.decide(observation(tick * TICK_MS, { ...seen, arrivals }), tick * TICK_MS);
      expect(predictiveReasons).toContain(decided?.reason);
      expect(Number.isFinite(decided?.desired)).toBe(true);
      for (const value of Object.values(decided?.details ?? {})) expect(Number.isFinite(value)).toBe(true);
    }
  });

  it("looks ahead by the time that nine in ten starts take", () => {
    const spawn = { quantileMs: (_pool: number, probability: number) => 100_000 * probability };
    const [decided] = predictive().decide(observation(0, {}, { spawn }), 0);
    expect(decided?.details?.horizonMs).toBe(90_000 + TICK_MS);
  });

  it("keeps as many as were needed at any time of the last fifteen seconds", () => {
    const high = Array.from({ length: 3 }, () => ({ open: 1920 }));
    const low = Array.from({ length: 6 }, () => ({ open: 960, arrivals: PER_TICK * 2 }));
    const decided = decisions(predictive(), [...high, ...low]);
    const last = decided[2]?.details?.needed ?? Number.NaN;
    const lately = decided.slice(3).map((one) => one?.details?.neededLately ?? Number.NaN);
    // At 5, 10 and 15 s after the last tick that needed as many; at 20 s it is forgotten.
    expect(lately.slice(0, 3)).toEqual([last, last, last]);
    expect(lately[3]).toBeLessThan(last);
  });

  it("decides each pool by its own metrics, and shows the forecast that it was based on", () => {
    const pools = [pool({ name: "one" }), pool({ name: "two" })];
    const context = { pools, tickMs: TICK_MS, random: new RandomStream("unused") };
    const forecaster: PredictiveKnobs["forecaster"] = "last-value";
    const policy = createPredictive({ ...defaultPredictiveKnobs, forecaster, sharing: false }, context);
    expect([policy.outlook?.(0), policy.outlook?.(1)]).toEqual([undefined, undefined]);
    const history = { ...pastBins([0, 0]), at: (index: number) => 100 * (index + 1) };
    const seen = pools.map((one, i) => ({ ...one, open: 400 * (i + 1), observedAtMs: 0 }));
    const both = policy.decide({ ...observation(0, {}, { history }), pools: seen }, 0);
    expect(both.map((one) => one?.details?.horizonMs)).toEqual([35_000, 35_000]);
    expect(both[1]?.desired).toBeGreaterThan(both[0]?.desired ?? Number.NaN);
    const means = [0, 1].map((index) => policy.outlook?.(index)?.forecast.mean[0]);
    expect(means).toEqual([100, 200]);
  });

  it("shows no forecast where it uses none", () => {
    const policy = predictive();
    policy.decide(observation(0, {}), 0);
    expect(policy.outlook?.(0)).toBeUndefined();
  });
});
