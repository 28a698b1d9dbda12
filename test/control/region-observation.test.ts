import { describe, expect, it } from "vitest";
import { observeRegions, type RegionSeen } from "../../src/control/region-observation.js";
import type { FleetObservation, PoolObservation, SpawnView } from "../../src/ports/policy.js";

/** Metrics of a pool that are all different, so that no two can be mistaken for each other. */
const poolWith = (base: number): PoolObservation => ({
  name: `pool ${base}`,
  region: "of the pool",
  ...{ slots: base + 1, min: base + 2, max: base + 3, ready: base + 4, spawning: base + 5, draining: base + 6 },
  ...{ parked: base + 7, desired: base + 8, observedAtMs: base + 9, observedReady: base + 10 },
  ...{ open: base + 20, openDraining: base + 300, waiting: base + 40, arrivals: base + 50 },
  ...{ openStreamMs: base + 60, waitingRequestMs: base + 70 },
});

const spawn: SpawnView = { quantileMs: () => 7 };
const hostSpawn: SpawnView = { quantileMs: () => 9 };
const observation: FleetObservation = {
  nowMs: 5000,
  trigger: "no-free-slot",
  triggerPool: 2,
  pools: [poolWith(1000), poolWith(2000), poolWith(4000)],
  history: { binMs: 60_000, originMs: -120_000, epochMs: 1, length: 3, at: (pool, bin) => 100 ** pool * (bin + 1) },
  holding: {
    meanMs: 11,
    survival: (ageMs) => ageMs + 0.5,
    integratedSurvivalMs: (horizonMs) => horizonMs * 2,
    survivors: (pool, aheadMs) => 100 ** pool * aheadMs,
  },
  spawn,
  warmStart: spawn,
};
const north: RegionSeen = {
  ...{ name: "hosts north", region: "north", pools: [2, 0], streamsPerHost: 16, min: 1, max: 9 },
  ...{ ready: 4, spawning: 3, draining: 2, desired: 6 },
};
const south: RegionSeen = { ...north, name: "hosts south", region: "south", pools: [1], ready: 5 };

describe("what a policy of hosts sees", () => {
  const seen = observeRegions(observation, [north, south], hostSpawn);

  it("has each region as one pool: its hosts, and the sums of its pools' streams", () => {
    expect(seen.pools).toEqual([
      {
        ...{ name: "hosts north", region: "north", slots: 16, min: 1, max: 9, ready: 4, spawning: 3, draining: 2 },
        ...{ parked: 0, desired: 6, observedAtMs: 4009, observedReady: 4, openDraining: 0 },
        // Streams on draining streamlets also use hosts: 1020 + 1300 + 4020 + 4300.
        ...{ open: 10_640, waiting: 5080, arrivals: 5100, openStreamMs: 5120, waitingRequestMs: 5140 },
      },
      expect.objectContaining({ name: "hosts south", region: "south", ready: 5, open: 4320, arrivals: 2050 }),
    ]);
  });

  it("has the arrivals and the survivors of a region's pools added up, by region", () => {
    expect(seen.history).toMatchObject({ binMs: 60_000, originMs: -120_000, epochMs: 1, length: 3 });
    expect([seen.history.at(0, 1), seen.history.at(1, 2)]).toEqual([20_002, 300]);
    expect([seen.holding.survivors(0, 3), seen.holding.survivors(1, 2)]).toEqual([30_003, 200]);
  });

  it("has the holding times as they are, and the start times of hosts for cold and warm starts", () => {
    expect(seen.holding.meanMs).toBe(11);
    expect([seen.holding.survival(2), seen.holding.integratedSurvivalMs(3)]).toEqual([2.5, 6]);
    expect(seen.spawn).toBe(hostSpawn);
    expect(seen.warmStart).toBe(hostSpawn);
  });

  it("keeps the instant and the trigger, but no pool of the trigger, which is no region", () => {
    expect(seen).toMatchObject({ nowMs: 5000, trigger: "no-free-slot" });
    expect(seen.triggerPool).toBeUndefined();
  });
});
