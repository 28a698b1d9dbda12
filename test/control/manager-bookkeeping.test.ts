import { describe, expect, it } from "vitest";
import { ManagedFleet, never, poolSpec, readyAfterCrash } from "./fake-parts.js";

const scaleIn = { victims: "emptiest", undrain: true, lazy: false } as const;

describe("the manager: what it asks of the fleet", () => {
  it("asks for no launch where the caps leave no room", () => {
    const { manager, fleet } = new ManagedFleet({ max: 1 });
    const asked: number[] = [];
    const launch = fleet.launch.bind(fleet);
    fleet.launch = (spec, count) => {
      asked.push(count);
      return launch(spec, count);
    };
    manager.setDesired(0, 1);
    manager.setDesired(0, 3);
    manager.reconcileAll();
    expect(asked).toEqual([1]);
    expect(manager.shortOf).toEqual(["fleet-max"]);
  });

  it("is short of nothing while a back-off runs, if nothing is to be launched", () => {
    const managed = new ManagedFleet();
    managed.ready(2);
    managed.manager.setDesired(0, 3);
    managed.manager.onStopped(2, "spawn-failed");
    expect(managed.manager.shortOf).toEqual(["restart-backoff"]);
    managed.manager.setDesired(0, 2);
    expect(managed.manager.shortOf).toEqual([""]);
  });

  it("cancels the spawns of a surplus, and takes only the rest from the ready", () => {
    const managed = new ManagedFleet();
    managed.ready(4);
    managed.manager.setDesired(0, 5);
    managed.fleet.takeCalls();
    managed.manager.setDesired(0, 2);
    expect(managed.fleet.takeCalls()).toHaveLength(3);
    expect([managed.pools[0].ready.length, managed.pools[0].spawning.length]).toEqual([2, 0]);
  });

  it("takes nothing back from those that drain while it shrinks on", () => {
    const managed = new ManagedFleet();
    for (const streamlet of managed.ready(3)) managed.load(streamlet, 1);
    managed.manager.setDesired(0, 2);
    managed.manager.setDesired(0, 1);
    managed.manager.setDesired(0, 0);
    expect(managed.fleet.takeCalls().map((call) => call.split(" ")[0])).toEqual(["drain", "drain", "drain"]);
    expect(managed.pools[0].draining).toHaveLength(3);
  });

  it("activates no parked streamlet that is not needed", () => {
    const managed = new ManagedFleet({ warmPool: 2, scaleIn: { ...scaleIn, undrain: false } });
    const { manager, pools } = managed;
    manager.reconcileAll();
    for (const id of [0, 1]) manager.onReady(id);
    managed.at(10);
    manager.setDesired(0, 1);
    expect([pools[0].spawning.length, pools[0].parked.length]).toEqual([1, 1]);
    manager.setDesired(0, 1);
    manager.setDesired(0, 0);
    expect([pools[0].spawning.length, pools[0].parked.length]).toEqual([0, 2]);
  });

  it("launches beside those under way when the warm pool is to be larger", () => {
    const managed = new ManagedFleet({ warmPool: 1 });
    expect(managed.manager.desired(0)).toBe(0);
    managed.manager.reconcileAll();
    managed.manager.warmPool.resize(0, 3);
    managed.manager.reconcileAll();
    expect(managed.fleet.takeCalls()).toEqual(["launch 0 in 0", "launch 1 2 in 0"]);
  });

  it("cancels as many launches for the warm pool as are too many, the youngest first", () => {
    const managed = new ManagedFleet({ warmPool: 4 });
    managed.manager.reconcileAll();
    managed.fleet.takeCalls();
    managed.manager.warmPool.resize(0, 2);
    managed.manager.reconcileAll();
    expect(managed.fleet.takeCalls()).toEqual(["terminate 3 spawn-cancelled", "terminate 2 spawn-cancelled"]);
    expect(managed.manager.find(1)?.state).toBe("spawning");
  });
});

describe("the manager: what it notes", () => {
  it("measures spawns and warm starts from their own beginnings", () => {
    const managed = new ManagedFleet({ warmPool: 1, warmStartMs: () => 40 });
    const { manager } = managed;
    managed.at(1000);
    manager.reconcileAll();
    managed.at(1250);
    manager.onReady(0);
    expect(manager.spawnTimes.quantileMs(0, 0.5)).toBe(250);
    managed.at(5000);
    manager.setDesired(0, 1);
    managed.at(5040);
    expect(manager.warmStartTimes.quantileMs(0, 0.5)).toBe(40);
    expect(managed.pools[0].ready).toHaveLength(1);
  });

  it("gives each change of state, with a reason only where a streamlet ends", () => {
    const managed = new ManagedFleet({ warmPool: 1 });
    const [first] = managed.ready(1);
    managed.load(first, 1);
    managed.manager.setDesired(0, 0);
    managed.manager.setDesired(0, 1);
    managed.release(first);
    managed.telemetry.states.length = 0;
    managed.manager.warmPool.resize(0, 2);
    managed.manager.setDesired(0, 0);
    expect(managed.telemetry.states.filter((line) => line.startsWith("0 "))).toEqual(["0 ready → parked"]);
    const again = new ManagedFleet();
    const [one] = again.ready(1);
    again.load(one, 1);
    again.manager.setDesired(0, 0);
    again.manager.setDesired(0, 1);
    expect(again.telemetry.states.slice(-2)).toEqual(["0 ready → draining", "0 draining → ready"]);
    expect(one.state).toBe("ready");
  });

  it("ignores a second report of readiness, and an eviction of an ended streamlet", () => {
    const managed = new ManagedFleet();
    managed.ready(1);
    managed.served.length = 0;
    expect(managed.manager.onReady(0)).toBeUndefined();
    expect([managed.served.length, managed.pools[0].ready.length]).toEqual([0, 1]);
    managed.manager.evict(77);
    expect(managed.fleet.takeCalls()).toEqual([]);
  });

  it("drains an evicted streamlet that drained already, once, and never takes it back", () => {
    const managed = new ManagedFleet();
    const [first] = managed.ready(1);
    managed.load(first, 1);
    managed.manager.setDesired(0, 0);
    managed.manager.evict(first.id);
    expect(managed.fleet.takeCalls()).toEqual(["drain 0"]);
    managed.manager.setDesired(0, 1);
    expect(managed.fleet.takeCalls()).toEqual(["launch 1 in 0"]);
  });

  it("counts the health of a pool only while its streamlets live", () => {
    const { manager, kernel, fleet } = readyAfterCrash(60);
    kernel.run(2000);
    // 60 live for a second, then one for 100 s: 160 s of health, not ten minutes.
    for (let id = 2; id <= 60; id++) manager.onStopped(id, "host-failed");
    manager.setDesired(0, 1);
    kernel.run(102_000);
    fleet.takeCalls();
    manager.onStopped(1, "crashed");
    kernel.run(103_999);
    expect(fleet.takeCalls()).toEqual([]);
    kernel.run(104_000);
    expect(fleet.takeCalls()).toEqual(["launch 120 in 0"]);
  });
});

describe("the manager: a pool's health", () => {
  it("is that of its ready streamlets: a cancelled spawn takes nothing from it", () => {
    const managed = new ManagedFleet();
    const { manager, kernel, fleet } = managed;
    manager.setDesired(0, 2);
    manager.onReady(0);
    manager.onStopped(0, "crashed");
    kernel.run(1000);
    for (const { id } of managed.pools[0].spawning.slice()) manager.onReady(id);
    manager.setDesired(0, 3);
    manager.setDesired(0, 2);
    // Two live for 300 s: ten minutes of health, so that the next wait is the first again.
    kernel.run(301_000);
    fleet.takeCalls();
    manager.onStopped(managed.pools[0].ready[0].id, "crashed");
    kernel.run(301_999);
    expect(fleet.takeCalls()).toEqual([]);
    kernel.run(302_000);
    expect(fleet.takeCalls()).toHaveLength(1);
  });
});

describe("the manager: empty streamlets", () => {
  it("count their idle time from the last stream on, not from one before", () => {
    const managed = new ManagedFleet({ idleTimeoutMs: () => 1000 });
    const [first] = managed.ready(1);
    managed.load(first, 1);
    managed.at(700);
    managed.release(first);
    managed.at(800);
    managed.load(first, 1);
    managed.at(900);
    managed.release(first);
    managed.at(1899);
    expect(managed.fleet.takeCalls()).toEqual([]);
    managed.at(1900);
    expect(managed.fleet.takeCalls()).toEqual(["terminate 0 retired"]);
    expect(managed.kernel.pending).toBe(0);
  });

  it("start no clock where a waiting request takes them at once, or where they drain or carry streams", () => {
    const managed = new ManagedFleet({ idleTimeoutMs: () => 1000 });
    managed.onServe = (streamlet) => managed.load(streamlet, 2);
    const [first] = managed.ready(1);
    expect(managed.kernel.pending).toBe(0);
    managed.release(first);
    expect(managed.kernel.pending).toBe(0);
    managed.manager.setDesired(0, 0);
    managed.release(first);
    expect([managed.kernel.pending, first.open, first.state]).toEqual([0, 0, "draining"]);
  });

  it("retire at once where they are surplus, spawns counted, if the manager is lazy", () => {
    const managed = new ManagedFleet({ scaleIn: { ...scaleIn, lazy: true } });
    const [first, second] = managed.ready(2);
    for (const streamlet of [first, second]) managed.load(streamlet, 1);
    managed.manager.setDesired(0, 3);
    managed.release(first);
    // Two are ready and one spawns: no surplus.
    expect(managed.fleet.takeCalls()).toEqual(["launch 2 in 0"]);
    managed.load(first, 1);
    managed.manager.setDesired(0, 1);
    expect(managed.fleet.takeCalls()).toEqual(["terminate 2 spawn-cancelled"]);
    managed.release(first);
    expect(managed.fleet.takeCalls()).toEqual(["terminate 0 retired"]);
  });

  it("expire while enough others spawn, since those count towards the minimum", () => {
    const managed = new ManagedFleet({ idleTimeoutMs: () => 1000, min: [1] });
    managed.ready(1);
    managed.at(500);
    managed.manager.setDesired(0, 2);
    managed.fleet.takeCalls();
    managed.at(1000);
    expect(managed.fleet.takeCalls()).toEqual(["terminate 0 retired"]);
    expect(managed.manager.desired(0)).toBe(1);
  });

  it("of several pools are counted apart", () => {
    const pools = [poolSpec(0), poolSpec(1, { region: 1, regionName: "us" })];
    const managed = new ManagedFleet({ regionMax: [never, never], idleTimeoutMs: () => 1000, min: [1, 0] }, pools);
    managed.ready(1);
    managed.manager.setDesired(1, 1);
    managed.manager.onReady(managed.pools[1].spawning[0].id);
    managed.at(2000);
    expect(managed.pools.map(({ ready }) => ready.length)).toEqual([1, 0]);
  });
});
