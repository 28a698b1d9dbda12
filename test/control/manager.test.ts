import { describe, expect, it } from "vitest";
import { ManagedFleet, poolSpec, readyAfterCrash } from "./fake-parts.js";

const regions = [poolSpec(0), poolSpec(1, { region: 1, regionName: "us" })];

describe("the manager: launching", () => {
  it("launches as many as are missing, spawns under way counted", () => {
    const { manager, fleet } = new ManagedFleet();
    manager.setDesired(0, 3);
    manager.setDesired(0, 3);
    manager.setDesired(0, 5);
    expect(fleet.takeCalls()).toEqual(["launch 0 1 2 in 0", "launch 3 4 in 0"]);
  });

  it("keeps the fleet's cap, and gives the cap as the reason", () => {
    const { manager, fleet } = new ManagedFleet({ max: 3, regionMax: [9, 9] }, regions);
    manager.setDesired(0, 2);
    manager.setDesired(1, 2);
    expect(fleet.takeCalls()).toEqual(["launch 0 1 in 0", "launch 2 in 1"]);
    expect(manager.shortOf).toEqual(["", "fleet-max"]);
  });

  it("keeps a region's cap, whatever other regions have", () => {
    const { manager, fleet } = new ManagedFleet({ regionMax: [1, 9] }, regions);
    manager.setDesired(0, 2);
    manager.setDesired(1, 2);
    expect(fleet.takeCalls()).toEqual(["launch 0 in 0", "launch 1 2 in 1"]);
    expect(manager.shortOf).toEqual(["fleet-max", ""]);
  });

  it("reports that no host has room, and launches when one has", () => {
    const { manager, fleet } = new ManagedFleet();
    fleet.roomFor = 1;
    manager.setDesired(0, 3);
    expect(manager.shortOf).toEqual(["no-host-room"]);
    fleet.roomFor = 9;
    manager.reconcileAll();
    expect(fleet.takeCalls()).toEqual(["launch 0 in 0", "launch 1 2 in 0"]);
    expect(manager.shortOf).toEqual([""]);
  });

  it("gives the place of a streamlet that ends to the pool that was short of it, though that is another pool", () => {
    const managed = new ManagedFleet({ max: 1, regionMax: [9, 9] }, regions);
    const { manager, fleet } = managed;
    managed.ready(1);
    manager.setDesired(1, 1);
    expect(fleet.takeCalls()).toEqual([]);
    manager.setDesired(0, 0);
    managed.at(0);
    expect(fleet.takeCalls()).toEqual(["terminate 0 retired", "launch 1 in 1"]);
  });

  it("makes a streamlet ready, offers it to waiting requests, and measures its spawn time", () => {
    const { manager, kernel, served, pools } = new ManagedFleet();
    manager.setDesired(0, 1);
    kernel.run(750);
    manager.onReady(0);
    expect(served.map(({ id, state }) => [id, state])).toEqual([[0, "ready"]]);
    expect(pools[0].ready).toHaveLength(1);
    expect(manager.spawnTimes.quantileMs(0, 0.5)).toBe(750);
  });

  it("ignores late reports of a streamlet that has ended", () => {
    const { manager, fleet, pools } = new ManagedFleet();
    manager.setDesired(0, 1);
    manager.setDesired(0, 0);
    fleet.takeCalls();
    manager.onReady(0);
    manager.onStopped(0, "crashed");
    expect(manager.find(0)).toBeUndefined();
    expect(pools[0].ready).toEqual([]);
    expect(fleet.takeCalls()).toEqual([]);
  });
});

describe("the manager: back-off", () => {
  it("waits longer after each failed spawn, up to the longest wait", () => {
    const managed = new ManagedFleet({ restart: { backoffMs: 1000, factor: 2, maxMs: 5000, healthyAfterMs: 600_000 } });
    const { manager, kernel, fleet } = managed;
    const launches: number[] = [];
    manager.setDesired(0, 1);
    for (let id = 0; id < 6; id++) {
      manager.onStopped(id, "spawn-failed");
      expect(manager.shortOf).toEqual(["restart-backoff"]);
      while (fleet.calls.length < id + 2) kernel.step();
      launches.push(kernel.nowMs());
    }
    expect(launches).toEqual([1000, 3000, 7000, 12_000, 17_000, 22_000]);
  });

  it("of failed spawns ends with the first streamlet that becomes ready", () => {
    const managed = new ManagedFleet();
    const { manager, kernel, fleet } = managed;
    manager.setDesired(0, 1);
    manager.onStopped(0, "spawn-failed");
    kernel.run(1000);
    manager.onStopped(1, "spawn-failed");
    kernel.run(3000);
    manager.onReady(2);
    kernel.run(603_000);
    // It was healthy for ten minutes: its crash is no reason to wait.
    manager.onStopped(2, "crashed");
    expect(fleet.takeCalls()).toEqual(["launch 0 in 0", "launch 1 in 0", "launch 2 in 0", "launch 3 in 0"]);
    manager.onStopped(3, "spawn-failed");
    kernel.run(603_999);
    expect(fleet.takeCalls()).toEqual([]);
    kernel.run(604_000);
    expect(fleet.takeCalls()).toEqual(["launch 4 in 0"]);
  });

  /**
   * Streamlets with these lives, one after the other: how long the manager waits before each next
   * launch.
   */
  function waitsAfter(livesMs: readonly number[], managed = new ManagedFleet()): number[] {
    const { manager, kernel, fleet } = managed;
    manager.setDesired(0, 1);
    return livesMs.map((lifeMs, id) => {
      manager.onReady(id);
      const diesAtMs = kernel.nowMs() + lifeMs;
      kernel.run(diesAtMs);
      fleet.takeCalls();
      manager.onStopped(id, "crashed");
      while (fleet.calls.length === 0) kernel.step();
      return kernel.nowMs() - diesAtMs;
    });
  }

  it.each(["crashed", "out-of-memory", "hung"] as const)("waits after a streamlet has %s", (reason) => {
    const { manager, fleet } = new ManagedFleet();
    manager.setDesired(0, 1);
    manager.onReady(0);
    fleet.takeCalls();
    manager.onStopped(0, reason);
    expect(fleet.takeCalls()).toEqual([]);
    expect(manager.shortOf).toEqual(["restart-backoff"]);
  });

  it("counts each crash before a streamlet was healthy, and a readiness clears nothing", () => {
    expect(waitsAfter([0, 2000, 599_999, 9999, 0, 0])).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it("begins again once a streamlet has stayed healthy for ten minutes, and then has no reason to wait", () => {
    expect(waitsAfter([0, 0, 600_000, 0, 0])).toEqual([1000, 2000, 0, 1000, 2000]);
  });

  it("begins again when the newcomers of a pool have lived so long between them", () => {
    // A first failure; then sixty that are ready for eleven seconds: eleven minutes of life without
    // a crash.
    const { manager, kernel, fleet } = readyAfterCrash(60);
    kernel.run(12_000);
    fleet.takeCalls();
    manager.onStopped(1, "crashed");
    kernel.run(12_999);
    expect(fleet.takeCalls()).toEqual([]);
    kernel.run(13_000);
    expect(fleet.takeCalls()).toEqual(["launch 61 in 0"]);
  });

  it("is not cleared by the health of those that were there before", () => {
    const managed = new ManagedFleet();
    const { manager, kernel, fleet } = managed;
    managed.ready(60);
    manager.setDesired(0, 61);
    fleet.takeCalls();
    // The sixty stand for hours; the newcomer crashes again and again.
    const waitsMs: number[] = [];
    for (let id = 60; id < 63; id++) {
      kernel.run(kernel.nowMs() + 60_000);
      manager.onReady(id);
      const diedAtMs = kernel.nowMs();
      manager.onStopped(id, "crashed");
      while (fleet.calls.length === 0) kernel.step();
      fleet.takeCalls();
      waitsMs.push(kernel.nowMs() - diedAtMs);
    }
    expect(waitsMs).toEqual([1000, 2000, 4000]);
  });

  it("does not hold a long life in the warm pool against a streamlet", () => {
    const managed = new ManagedFleet({ warmPool: 1 });
    const { manager, kernel, fleet } = managed;
    manager.reconcile(managed.pools[0]);
    manager.onReady(0);
    kernel.run(3_600_000);
    fleet.takeCalls();
    manager.onStopped(0, "crashed");
    expect(fleet.takeCalls()).toEqual(["launch 1 in 0"]);
  });

  it("lets time pass between two launches even with a back-off of 0", () => {
    const { manager, kernel } = new ManagedFleet({ restart: { backoffMs: 0, factor: 2, maxMs: 0, healthyAfterMs: 0 } });
    manager.setDesired(0, 1);
    let id = 0;
    for (; id < 1000; id++) {
      manager.onStopped(id, "spawn-failed");
      while (manager.find(id + 1) === undefined) kernel.step();
    }
    // At least a millisecond each, or a spawn that always fails would stop the clock.
    expect(kernel.nowMs()).toBeGreaterThanOrEqual(1000);
  });

  it("does not wait after a host has failed", () => {
    const managed = new ManagedFleet();
    managed.ready(2);
    managed.manager.onStopped(0, "host-failed");
    expect(managed.fleet.takeCalls()).toEqual(["launch 2 in 0"]);
  });
});

describe("the manager: eviction", () => {
  it("cancels a spawn and launches another in its place, wherever it was to go", () => {
    const managed = new ManagedFleet({ warmPool: 1 });
    const { manager, fleet, pools } = managed;
    manager.setDesired(0, 1);
    manager.reconcileAll();
    expect(fleet.takeCalls()).toEqual(["launch 0 in 0", "launch 1 in 0"]);
    manager.evict(0);
    expect(fleet.takeCalls()).toEqual(["terminate 0 spawn-cancelled", "launch 2 in 0"]);
    manager.reconcileAll();
    manager.evict(1);
    expect(fleet.takeCalls()).toEqual(["terminate 1 spawn-cancelled", "launch 3 in 0"]);
    expect(managed.telemetry.states.filter((line) => line.endsWith("(spawn-cancelled)"))).toHaveLength(2);
    manager.onReady(2);
    manager.onReady(3);
    expect([pools[0].ready.length, pools[0].parked.length, pools[0].spawning.length]).toEqual([1, 1, 0]);
  });

  it("drains one with streams for good, and retires an empty one at once", () => {
    const managed = new ManagedFleet();
    const [first, second] = managed.ready(2);
    managed.load(first, 1);
    managed.manager.evict(first.id);
    expect(managed.fleet.takeCalls()).toEqual(["drain 0", "launch 2 in 0"]);
    managed.manager.setDesired(0, 3);
    // It is not taken back.
    expect(managed.fleet.takeCalls()).toEqual(["launch 3 in 0"]);
    managed.manager.evict(second.id);
    expect(managed.fleet.takeCalls()).toEqual(["terminate 1 retired", "launch 4 in 0"]);
  });
});
