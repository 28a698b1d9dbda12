import { describe, expect, it } from "vitest";
import { ManagedFleet, poolSpec } from "./fake-parts.js";

const scaleIn = { victims: "emptiest", undrain: true, lazy: false } as const;
const regions = [poolSpec(0), poolSpec(1, { region: 1, regionName: "us" })];

describe("the manager: launching", () => {
  it("launches what is missing, counting what is under way", () => {
    const { manager, fleet } = new ManagedFleet();
    manager.setDesired(0, 3);
    manager.setDesired(0, 3);
    manager.setDesired(0, 5);
    expect(fleet.takeCalls()).toEqual(["launch 0 1 2 in 0", "launch 3 4 in 0"]);
  });

  it("keeps the fleet's cap, and tells that it was the cap", () => {
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

  it("tells when no host has room, and launches when room comes", () => {
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

  it("makes a streamlet ready, offers it to those who wait, and measures its spawn time", () => {
    const { manager, kernel, served, pools } = new ManagedFleet();
    manager.setDesired(0, 1);
    kernel.run(750);
    manager.onReady(0);
    expect(served.map(({ id, state }) => [id, state])).toEqual([[0, "ready"]]);
    expect(pools[0].ready).toHaveLength(1);
    expect(manager.spawnTimes.quantileMs(0, 0.5)).toBe(750);
  });

  it("does not know a streamlet that is gone: late news of it change nothing", () => {
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
    const managed = new ManagedFleet({ restart: { backoffMs: 1000, factor: 2, maxMs: 5000 } });
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

  it("ends with the first streamlet that becomes ready", () => {
    const managed = new ManagedFleet();
    const { manager, kernel, fleet } = managed;
    manager.setDesired(0, 1);
    manager.onStopped(0, "spawn-failed");
    kernel.run(1000);
    manager.onStopped(1, "spawn-failed");
    kernel.run(3000);
    manager.onReady(2);
    kernel.run(100_000);
    // It was healthy for long: its crash is no reason to wait.
    manager.onStopped(2, "crashed");
    expect(fleet.takeCalls()).toEqual(["launch 0 in 0", "launch 1 in 0", "launch 2 in 0", "launch 3 in 0"]);
    manager.onStopped(3, "spawn-failed");
    kernel.run(100_999);
    expect(fleet.takeCalls()).toEqual([]);
    kernel.run(101_000);
    expect(fleet.takeCalls()).toEqual(["launch 4 in 0"]);
  });

  it("counts a crash soon after readiness as a failure", () => {
    const { manager, kernel, fleet } = new ManagedFleet();
    manager.setDesired(0, 1);
    manager.onReady(0);
    kernel.run(9999);
    fleet.takeCalls();
    manager.onStopped(0, "crashed");
    expect(fleet.takeCalls()).toEqual([]);
    kernel.run(10_999);
    expect(fleet.takeCalls()).toEqual(["launch 1 in 0"]);
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
    const { manager, kernel } = new ManagedFleet({ restart: { backoffMs: 0, factor: 2, maxMs: 0 } });
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

describe("the manager: shrinking", () => {
  it("cancels spawns first, the youngest first", () => {
    const managed = new ManagedFleet();
    managed.ready(2);
    managed.manager.setDesired(0, 5);
    managed.manager.setDesired(0, 3);
    expect(managed.fleet.takeCalls()).toEqual([
      "launch 2 3 4 in 0",
      "terminate 4 spawn-cancelled",
      "terminate 3 spawn-cancelled",
    ]);
  });

  it("retires the empty and drains the loaded", () => {
    const managed = new ManagedFleet();
    const [, second, third] = managed.ready(3);
    managed.load(second, 2);
    managed.load(third, 1);
    managed.manager.setDesired(0, 1);
    expect(managed.fleet.takeCalls()).toEqual(["terminate 0 retired", "drain 2"]);
    expect(managed.pools[0].draining.map(({ id }) => id)).toEqual([2]);
    expect(managed.pools[0].openDraining).toBe(1);
    managed.manager.onStopped(2, "drained");
    expect(managed.fleet.takeCalls()).toEqual([]);
    expect(managed.telemetry.states.at(-1)).toBe("2 draining → stopped (drained)");
  });

  it.each([
    ["newest", ["terminate 3 retired", "terminate 2 retired"]],
    ["oldest", ["terminate 0 retired", "terminate 1 retired"]],
  ] as const)("takes the %s first when told so", (victims, calls) => {
    const managed = new ManagedFleet({ scaleIn: { ...scaleIn, victims } });
    managed.manager.setDesired(0, 4);
    // Ready in the order of their ids, ten seconds apart.
    for (let id = 0; id < 4; id++) {
      managed.at(id * 10_000);
      managed.manager.onReady(id);
    }
    managed.fleet.takeCalls();
    managed.manager.setDesired(0, 2);
    expect(managed.fleet.takeCalls()).toEqual(calls);
  });

  it("takes random victims from its own stream: the same seed takes the same", () => {
    const victims = (): string[] => {
      const managed = new ManagedFleet({ scaleIn: { ...scaleIn, victims: "random" } });
      managed.ready(50);
      managed.manager.setDesired(0, 40);
      return managed.fleet.takeCalls();
    };
    expect(new Set(victims()).size).toBe(10);
    expect(victims()).toEqual(victims());
    expect(victims()).not.toEqual(Array.from({ length: 10 }, (_, i) => `terminate ${i} retired`));
  });

  it("retires only what is empty when it is lazy, now or when it runs empty", () => {
    const managed = new ManagedFleet({ scaleIn: { victims: "newest", undrain: true, lazy: true } });
    const [first, second, third] = managed.ready(3);
    managed.load(second, 1);
    managed.load(third, 1);
    managed.manager.setDesired(0, 1);
    expect(managed.fleet.takeCalls()).toEqual(["terminate 0 retired"]);
    expect(first.state).toBe("stopped");
    managed.pools[0].release(third, 0);
    managed.manager.onReleased(third);
    expect(managed.fleet.takeCalls()).toEqual(["terminate 2 retired"]);
    managed.pools[0].release(second, 0);
    managed.manager.onReleased(second);
    expect(managed.fleet.takeCalls()).toEqual([]);
  });

  it("takes draining streamlets back, the fullest first, before it launches, and offers their slots", () => {
    const managed = new ManagedFleet({}, [poolSpec(0, { slots: 8 })]);
    const streamlets = managed.ready(3);
    for (const [i, streamlet] of streamlets.entries()) managed.load(streamlet, i + 1);
    managed.manager.setDesired(0, 0);
    managed.served.length = 0;
    managed.fleet.takeCalls();
    managed.manager.setDesired(0, 4);
    expect(managed.fleet.takeCalls()).toEqual(["undrain 2", "undrain 1", "undrain 0", "launch 3 in 0"]);
    expect(managed.served.map(({ id }) => id)).toEqual([2, 1, 0]);
    expect([managed.pools[0].openReady, managed.pools[0].openDraining]).toEqual([6, 0]);
  });

  it("launches instead when it does not undrain", () => {
    const managed = new ManagedFleet({ scaleIn: { victims: "newest", undrain: false, lazy: false } });
    const [first] = managed.ready(1);
    managed.load(first, 1);
    managed.manager.setDesired(0, 0);
    managed.manager.setDesired(0, 1);
    expect(managed.fleet.takeCalls()).toEqual(["drain 0", "launch 1 in 0"]);
  });
});

describe("the manager: the warm pool", () => {
  it("is filled beside what is wanted, activated before anything is launched, and refilled", () => {
    const managed = new ManagedFleet({ warmPool: 2, warmStartMs: () => 50 });
    const { manager, fleet, pools } = managed;
    managed.ready(1);
    manager.reconcileAll();
    expect(fleet.takeCalls()).toEqual(["launch 1 2 in 0"]);
    manager.onReady(1);
    manager.onReady(2);
    expect([pools[0].ready.length, pools[0].parked.length]).toEqual([1, 2]);
    manager.setDesired(0, 2);
    expect(fleet.takeCalls()).toEqual(["launch 3 in 0"]);
    managed.at(49);
    expect(pools[0].ready).toHaveLength(1);
    managed.at(50);
    expect(pools[0].ready).toHaveLength(2);
    expect(managed.telemetry.states.filter((line) => line.startsWith("2 "))).toEqual([
      "2 none → spawning",
      "2 spawning → parked",
      "2 parked → spawning",
      "2 spawning → ready",
    ]);
  });

  it("takes in what is no longer wanted, up to its size", () => {
    const managed = new ManagedFleet({ warmPool: 1 });
    managed.manager.reconcileAll();
    managed.manager.onReady(0);
    managed.manager.setDesired(0, 2);
    managed.at(0);
    managed.manager.onReady(1);
    managed.fleet.takeCalls();
    managed.manager.setDesired(0, 0);
    const states = [...managed.pools[0].parked, ...managed.pools[0].ready].map(({ state }) => state);
    expect(states).toEqual(["parked"]);
  });

  it("that cannot be filled is no refusal of a decision that was carried out", () => {
    const managed = new ManagedFleet({ warmPool: 5, max: 2 });
    managed.manager.setDesired(0, 2);
    managed.manager.setDesired(0, 2);
    expect(managed.manager.shortOf).toEqual([""]);
  });
});

describe("the manager: idle time-outs", () => {
  it("retires what stood empty for as long as drawn, and forgets the clock when a stream comes", () => {
    const managed = new ManagedFleet({ idleTimeoutMs: () => 1000 });
    const [first, second] = managed.ready(2);
    managed.at(500);
    managed.load(first, 1);
    managed.manager.onTaken(first);
    managed.at(1000);
    expect(managed.fleet.takeCalls()).toEqual(["terminate 1 retired"]);
    expect(second.state).toBe("stopped");
    expect(managed.manager.desired(0)).toBe(1);
    managed.pools[0].release(first, 1000);
    managed.manager.onReleased(first);
    managed.at(1999);
    expect(managed.fleet.takeCalls()).toEqual([]);
    managed.at(2000);
    expect(managed.fleet.takeCalls()).toEqual(["terminate 0 retired"]);
  });

  it("leaves the minimum standing", () => {
    const managed = new ManagedFleet({ idleTimeoutMs: () => 1000, min: [1] });
    managed.ready(2);
    managed.at(5000);
    expect(managed.fleet.takeCalls()).toEqual(["terminate 0 retired"]);
    expect([managed.pools[0].ready.length, managed.manager.desired(0)]).toEqual([1, 1]);
  });

  it("of 0 retires at once, and takes back nothing that found work", () => {
    const managed = new ManagedFleet({ idleTimeoutMs: () => 0 });
    managed.manager.setDesired(0, 1);
    managed.manager.onReady(0);
    expect(managed.fleet.takeCalls()).toEqual(["launch 0 in 0", "terminate 0 retired"]);
    expect(managed.manager.desired(0)).toBe(0);
  });
});
