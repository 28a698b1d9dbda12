import { describe, expect, it } from "vitest";
import { tier } from "./fake-hosts.js";

describe("the tier of elastic hosts: what its policy sees", () => {
  it("is one pool of hosts per region, named after it", () => {
    const { next, seen } = tier(3, { min: 1, max: 9 });
    next(5, 24);
    next(5, 24);
    expect(seen().pools).toMatchObject([
      { name: "eu hosts", region: "eu", slots: 8, min: 1, max: 9, ready: 3, spawning: 2, desired: 5, open: 24 },
    ]);
  });

  it("has the expected spawn time until hosts are measured, and from then on those too", () => {
    const { managed, hosts, next, seen } = tier(1, { pools: [[0], [1]] });
    next(2);
    expect([0, 1].map((region) => seen().spawn.quantileMs(region, 0))).toEqual([60_000, 60_000]);
    managed.at(20_000);
    // Host 2 is the first that was added, in the first region, at 15 s.
    hosts.becomeReady(2);
    expect([0, 1].map((region) => seen().spawn.quantileMs(region, 0))).toEqual([5000, 60_000]);
    next(2);
    expect(seen().pools.map(({ ready, spawning }) => [ready, spawning])).toEqual([
      [2, 0],
      [1, 1],
    ]);
  });
});

describe("the tier of elastic hosts: its events", () => {
  it("launches streamlets that had no room when a host is ready", () => {
    const { managed, hosts, next } = tier(1);
    managed.fleet.roomFor = 0;
    managed.manager.setDesired(0, 1);
    next(2);
    managed.fleet.takeCalls();
    managed.fleet.roomFor = 4;
    hosts.becomeReady(1);
    expect(managed.fleet.takeCalls()).toEqual(["launch 0 in 0"]);
  });

  it("removes an emptied host only where it is draining", () => {
    const { hosts, next } = tier(3);
    expect(next(1)).toEqual(["cordon 2", "cordon 1"]);
    hosts.emptied(0);
    expect(hosts.calls.splice(0)).toEqual([]);
    hosts.emptied(2);
    expect(hosts.calls.splice(0)).toEqual(["remove 2"]);
    expect(next(2)).toEqual(["uncordon 1"]);
  });

  it("reports how many hosts there are in all regions: at the start, at each tick, with each removal", () => {
    const { hosts, next, telemetry } = tier(2, { pools: [[0], [1]] });
    next(3);
    next(1);
    hosts.emptied(1);
    expect(telemetry.hosts).toEqual([4, 6, 4, 3]);
  });
});

describe("the tier of elastic hosts: its decisions", () => {
  it("are recorded under the first index and those after it, one for each region", () => {
    const { next, telemetry } = tier(2, { pools: [[0], [1]] });
    next(2);
    expect(telemetry.decisions.map((decision) => decision.pool)).toEqual([5, 6]);
  });

  it.each([
    [2, 2, ""],
    [4, 4, ""],
    [5, 4, "above-max"],
    [1, 2, "below-min"],
    [3, 3, ""],
  ])("of %i hosts within 2 and 4 are %i hosts, refusal %j", (wanted, desired, refusal) => {
    const { next, telemetry } = tier(3, { min: 2, max: 4 });
    next(wanted);
    expect(telemetry.decisions).toMatchObject([{ wanted, desired, reason: "by-hand", refusal }]);
  });

  it.each([
    undefined,
    { desired: Number.NaN, reason: "r" },
    { desired: -1, reason: "r" },
    { desired: Number.POSITIVE_INFINITY, reason: "r" },
  ])("keep the hosts as they are where the policy decides %j", (proposal) => {
    const { decide, next, telemetry } = tier(2);
    next(3);
    expect(decide([proposal])).toEqual([]);
    expect(telemetry.decisions.at(-1)).toMatchObject({ wanted: 3, desired: 3, reason: "no-decision", refusal: "" });
  });

  it("take no hosts for no count", () => {
    const { decide, telemetry } = tier(2);
    expect(decide([{ desired: 0, reason: "idle" }])).toEqual(["cordon 1", "cordon 0"]);
    expect(telemetry.decisions.at(-1)).toMatchObject({ wanted: 0, reason: "idle" });
  });
});

describe("the tier of elastic hosts: the room that streamlets need", () => {
  it("is that of ready, draining and parked ones, less what their streams and those waiting fill", () => {
    const { managed, decide, telemetry } = tier(9);
    for (const streamlet of managed.ready(10).slice(0, 4)) managed.load(streamlet, 1);
    managed.manager.warmPool.resize(0, 1);
    managed.manager.setDesired(0, 2);
    const [pool] = managed.pools;
    expect([pool.ready.length, pool.draining.length, pool.parked.length]).toEqual([2, 2, 1]);
    decide([{ desired: 4, reason: "r" }], { open: 4, waiting: 2 });
    // Five streamlets of a quarter of a host each; six streams of eight per host.
    expect(telemetry.decisions[0].details).toEqual({ needed: 1.25, slack: 0.5 });
  });

  it("counts streamlets that are desired and found no host", () => {
    const { managed, decide, telemetry } = tier(9);
    managed.fleet.roomFor = 3;
    managed.manager.setDesired(0, 8);
    decide([{ desired: 9, reason: "r" }]);
    expect(telemetry.decisions[0].details).toMatchObject({ needed: 2 });
  });
});

describe("the tier of elastic hosts: a pool without room on enough hosts", () => {
  /** Two pools on two full hosts, the second of which finds no room for one more streamlet. */
  function shortTier(ready: number) {
    const made = tier(ready, { pools: [[0, 1]] });
    made.managed.ready(4);
    made.managed.fleet.roomFor = 0;
    made.managed.manager.setDesired(1, 1);
    expect(made.managed.manager.shortOf).toEqual(["", "no-host-room"]);
    return made;
  }

  it("gets one host more where one of several pools is short", () => {
    expect(shortTier(2).next(2, 16)).toEqual(["add 2"]);
  });

  it("gets none where the region has no host yet, beyond what the policy wants", () => {
    const { next } = shortTier(0);
    expect(next(0, 16)).toEqual([]);
  });

  it("gets none while another host spawns", () => {
    const { managed, next } = tier(2);
    expect(next(3)).toEqual(["add 2"]);
    managed.fleet.roomFor = 0;
    managed.manager.setDesired(0, 1);
    // The policy asks for two: the spawning host is cancelled, and none is added for the short
    // pool.
    expect(next(2, 16)).toEqual(["cancel 2"]);
  });

  it("gets none while a host drains", () => {
    const { managed, next } = tier(3);
    expect(next(2)).toEqual(["cordon 2"]);
    managed.fleet.roomFor = 0;
    managed.manager.setDesired(0, 1);
    expect(next(2, 16)).toEqual([]);
  });
});

describe("the tier of elastic hosts: hosts that spawn", () => {
  it("are given up only as many as are too many", () => {
    const { next } = tier(1);
    expect(next(4)).toEqual(["add 1", "add 2", "add 3"]);
    expect(next(3)).toEqual(["cancel 3"]);
    expect(next(3)).toEqual([]);
  });
});
