import { describe, expect, it } from "vitest";
import { ManagedFleet, poolSpec } from "./fake-parts.js";

const scaleIn = { victims: "emptiest", undrain: true, lazy: false } as const;

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
  ] as const)("takes the %s first where the scenario says so", (victims, calls) => {
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

  it("retires only empty streamlets when it is lazy, now or when they run empty", () => {
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
  it("is filled beside the desired count, activated before anything is launched, and refilled", () => {
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

  it("takes in streamlets above the desired count, up to its size", () => {
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

  it("follows the size that a policy gives it, and measures how fast it is left", () => {
    const managed = new ManagedFleet({ warmPool: 0, warmStartMs: () => 50 });
    const { manager, fleet, pools } = managed;
    manager.warmPool.resize(0, 2);
    manager.reconcileAll();
    expect(fleet.takeCalls()).toEqual(["launch 0 1 in 0"]);
    manager.onReady(0);
    manager.onReady(1);
    manager.warmPool.resize(0, 1);
    manager.setDesired(0, 1);
    expect(fleet.takeCalls()).toEqual([]);
    managed.at(50);
    expect(manager.warmStartTimes.quantileMs(0, 0.5)).toBe(50);
    manager.warmPool.resize(0, 0);
    manager.reconcileAll();
    expect(fleet.takeCalls()).toEqual(["terminate 0 retired"]);
    expect([pools[0].ready.length, pools[0].parked.length]).toEqual([1, 0]);
  });

  it("takes back a streamlet whose warm start is not over when it is no longer needed", () => {
    const managed = new ManagedFleet({ warmPool: 2, warmStartMs: () => 50 });
    const { manager, fleet, pools } = managed;
    manager.reconcileAll();
    manager.onReady(0);
    manager.onReady(1);
    fleet.takeCalls();
    manager.setDesired(0, 3);
    manager.reconcileAll();
    // Two leave the warm pool, one more is launched; then the warm pool is filled again.
    expect(fleet.takeCalls()).toEqual(["launch 2 in 0", "launch 3 4 in 0"]);
    managed.at(30);
    manager.setDesired(0, 0);
    expect(fleet.takeCalls()).toEqual([
      "terminate 2 spawn-cancelled",
      "terminate 4 spawn-cancelled",
      "terminate 3 spawn-cancelled",
    ]);
    expect([pools[0].parked.length, pools[0].spawning.length]).toEqual([2, 0]);
    // The timer of the first warm start is void: the second takes its whole time.
    manager.setDesired(0, 1);
    managed.at(79);
    expect(pools[0].ready).toHaveLength(0);
    managed.at(80);
    expect(pools[0].ready).toHaveLength(1);
  });

  it("that cannot be filled is no refusal of a decision that was carried out", () => {
    const managed = new ManagedFleet({ warmPool: 5, max: 2 });
    managed.manager.setDesired(0, 2);
    managed.manager.setDesired(0, 2);
    expect(managed.manager.shortOf).toEqual([""]);
  });
});

describe("the manager: idle time-outs", () => {
  it("retires a streamlet that was empty for the drawn time, and restarts the time when a stream comes", () => {
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
