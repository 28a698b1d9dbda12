import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constantLaw } from "../../../src/base/distribution.js";
import { ClairvoyantBound } from "../../../src/world/recorder/clairvoyant-bound.js";
import { simulate } from "../../../src/world/simulate.js";
import { noUserModules } from "../../../src/world/user-modules.js";
import { ordinaryScenario, policySpec } from "../ordinary-scenario.js";

interface Stream {
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * The bound of these streams in [0, endMs]. At one instant, ends come before starts, as in the
 * kernel.
 */
function boundOf(streams: readonly Stream[], slots: number, spawnMs: number, endMs: number, fromMs = 0): number {
  const bound = new ClairvoyantBound([{ slots, spawnMs }], fromMs);
  const changes = streams.flatMap(({ fromMs: start, untilMs }) => [
    { atMs: start, isStart: true },
    { atMs: untilMs, isStart: false },
  ]);
  changes.sort((a, b) => a.atMs - b.atMs || Number(a.isStart) - Number(b.isStart));
  for (const { atMs, isStart } of changes) {
    if (isStart) bound.onTaken(0, atMs);
    else bound.onReleased(0, atMs);
  }
  return bound.streamletMs(endMs);
}

/**
 * Every assignment of the streams to streamlets without migration, with each streamlet kept or
 * respawned across its gaps at the least cost.
 */
function cheapestAssignment(streams: readonly Stream[], slots: number, spawnMs: number): number {
  const sorted = [...streams].sort((a, b) => a.fromMs - b.fromMs);
  const place = (i: number, loads: Stream[][]): number => {
    if (i === sorted.length) return loads.reduce((sum, load) => sum + costOf(load, spawnMs), 0);
    let best = Number.POSITIVE_INFINITY;
    for (let s = 0; s <= loads.length; s++) {
      const load = loads[s] ?? [];
      const open = load.filter((other) => other.untilMs > sorted[i].fromMs).length;
      if (open >= slots) continue;
      const next = loads.slice();
      next[s] = [...load, sorted[i]];
      best = Math.min(best, place(i + 1, next));
    }
    return best;
  };
  return place(0, []);
}

function costOf(load: readonly Stream[], spawnMs: number): number {
  let cost = Math.min(load[0].fromMs, spawnMs);
  let busyUntilMs = load[0].fromMs;
  for (const { fromMs, untilMs } of load) {
    if (fromMs > busyUntilMs) cost += Math.min(fromMs - busyUntilMs, spawnMs);
    cost += Math.max(0, untilMs - Math.max(fromMs, busyUntilMs));
    busyUntilMs = Math.max(busyUntilMs, untilMs);
  }
  return cost;
}

const streamsArbitrary = fc.array(
  fc.record({ start: fc.integer({ min: 0, max: 40 }), length: fc.integer({ min: 1, max: 20 }) }),
  { minLength: 1, maxLength: 6 },
);
const END_MS = 60;

describe("ClairvoyantBound", () => {
  it("counts a streamlet while it is needed, and the cheaper of keeping and respawning across a gap", () => {
    const streams = [
      { fromMs: 5, untilMs: 10 },
      { fromMs: 12, untilMs: 20 },
      { fromMs: 40, untilMs: 45 },
    ];
    // 5 + 8 + 5 in use; 4 to start (of 5 since t=0), 2 kept, 4 respawned instead of 20 kept.
    expect(boundOf(streams, 1, 4, END_MS)).toBe(18 + 4 + 2 + 4);
  });

  it("counts elastic hosts by the scarcest resource of what they must carry, and keeps or gives them up", () => {
    // Two streamlets of pool 0 fill a host's CPU, four of pool 1 its memory.
    const hosts = [
      {
        spawnMs: 10,
        pools: [
          { pool: 0, shares: [0.5, 0.1, 0] },
          { pool: 1, shares: [0.1, 0.25, 0] },
        ],
      },
    ];
    const pools = [
      { slots: 1, spawnMs: 0 },
      { slots: 1, spawnMs: 0 },
    ];
    const bound = new ClairvoyantBound(pools, 0, hosts);
    // CPU 1, memory 0.2: one host; with two of pool 1 CPU 1.2, memory 0.7: two.
    bound.onTaken(0, 0);
    bound.onTaken(0, 0);
    bound.onTaken(1, 20);
    bound.onTaken(1, 20);
    expect(bound.hostMs(30)).toBe(30 + (10 + 10));
    bound.onReleased(1, 30);
    bound.onReleased(1, 30);
    // The second is needed again after 4: kept. After 50 more: given up and started again.
    bound.onTaken(1, 34);
    bound.onReleased(1, 40);
    bound.onTaken(1, 90);
    expect(bound.hostMs(100)).toBe(100 + (10 + 10 + 4 + 6 + 10 + 10));
  });

  it("packs: nine streams at once need two streamlets of eight slots", () => {
    const streams = Array.from({ length: 9 }, () => ({ fromMs: 0, untilMs: 10 }));
    expect(boundOf(streams, 8, 0, END_MS)).toBe(20);
  });

  it("counts only what lies in the measured window", () => {
    expect(boundOf([{ fromMs: 0, untilMs: 50 }], 1, 4, END_MS, 30)).toBe(20);
  });

  it("is never above the cheapest assignment without migration, found by trying all", () => {
    fc.assert(
      fc.property(
        streamsArbitrary,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 10 }),
        (drawn, slots, spawnMs) => {
          const streams = drawn.map(({ start, length }) => ({ fromMs: start, untilMs: start + length }));
          expect(boundOf(streams, slots, spawnMs, END_MS)).toBeLessThanOrEqual(
            cheapestAssignment(streams, slots, spawnMs),
          );
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  it("is attained with one slot, where migration gains nothing", () => {
    fc.assert(
      fc.property(streamsArbitrary, fc.integer({ min: 0, max: 10 }), (drawn, spawnMs) => {
        const streams = drawn.map(({ start, length }) => ({ fromMs: start, untilMs: start + length }));
        expect(boundOf(streams, 1, spawnMs, END_MS)).toBe(cheapestAssignment(streams, 1, spawnMs));
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});

describe("regretRatio", () => {
  it("is not negative under any policy with a constant spawn time", () => {
    const base = ordinaryScenario();
    const kinds = [
      policySpec("hpa", { targetUtilisation: 0.9 }, { min: 1, max: 60, tickMs: 15_000 }),
      policySpec("on-demand", { idleTimeout: constantLaw(0) }),
      policySpec("predictive", {}, { min: 1, max: 60, tickMs: 5_000 }),
      policySpec("static", { count: 14 }),
    ];
    const scenario = ordinaryScenario({
      streams: { ...base.streams, patience: constantLaw(2_000) },
      fleet: {
        ...base.fleet,
        classes: [{ ...base.fleet.classes[0], slots: 2, spawn: { law: constantLaw(1_500), contention: 0 } }],
      },
      durationMs: 3_600_000,
      warmupMs: 600_000,
      cost: { streamletHour: 1, hostHour: 0 },
      policies: kinds,
    });
    for (const policy of kinds) {
      const { metrics } = simulate(scenario, policy, 0, noUserModules);
      expect(metrics.regretRatio).toBeGreaterThanOrEqual(0);
      expect(metrics.oracleStreamletHours).toBeGreaterThan(metrics.openStreamsMean / 2);
    }
  });
});
