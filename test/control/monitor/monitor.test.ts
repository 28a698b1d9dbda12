import { describe, expect, it } from "vitest";
import { HoldingTimes } from "../../../src/control/monitor/holding-times.js";
import { Monitor, type MonitorSpec } from "../../../src/control/monitor/monitor.js";
import { Routing, type SpillOver } from "../../../src/control/routing.js";
import { WaitingRoom } from "../../../src/control/waiting-room.js";
import { Phase } from "../../../src/ports/scheduler.js";
import { ManagedFleet, never, poolSpec } from "../fake-parts.js";
import { distanceMs, requestFor } from "../loaded-pools.js";

const MINUTE = 60_000;
/** Two regions with a pool each, and a second pool of another format in the second. */
const specs = [
  poolSpec(0),
  poolSpec(1, { region: 1, regionName: "us", slots: 4 }),
  poolSpec(2, { region: 1, regionName: "us", formats: [1], slots: 8 }),
];

/** A monitor of a fake fleet: three regions, three formats, three pools. */
class MonitorBench {
  readonly managed = new ManagedFleet({ regionMax: [never, never] }, specs);
  readonly kernel = this.managed.kernel;
  readonly waitingRoom: WaitingRoom;
  readonly routing: Routing;
  readonly monitor: Monitor;

  constructor(tickMs: number, scrapeLagMs: number, more: Partial<MonitorSpec> = {}, spillOver: SpillOver = "none") {
    const { pools, manager, kernel } = this.managed;
    this.routing = new Routing(pools, { regionCount: 3, formatCount: 3, distanceMs, spillOver });
    this.waitingRoom = new WaitingRoom(this.routing.keyCount, 100);
    const spec: MonitorSpec = {
      ...{ epochMs: 1e12, past: { binMs: MINUTE, counts: [] }, pastHoldingMs: new Float64Array(0) },
      decider: { tickMs, scrapeLagMs, min: [1, 2, 3], max: [11, 12, 13] },
      ...more,
    };
    const parts = { scheduler: kernel, pools, routing: this.routing, waitingRoom: this.waitingRoom, manager };
    this.monitor = new Monitor(spec, parts);
  }

  /** Arrivals of format 0 in a region at an instant. */
  arrive(atMs: number, region: number, count = 1): void {
    this.kernel.scheduleAt(atMs, Phase.Arrival, () => {
      for (let i = 0; i < count; i++) this.monitor.onArrival(requestFor(region, 0));
    });
  }

  wait(region: number, format: number): void {
    this.waitingRoom.enter(requestFor(region, format), this.routing.key(region, format), this.kernel.nowMs());
  }

  /** When the metrics of a decision at this instant were scraped. */
  seenAt(nowMs: number): number {
    this.kernel.run(nowMs);
    return this.monitor.observe("tick", -1).pools[0].observedAtMs;
  }
}

describe("the home pool of a request", () => {
  it("is the pool that its region and format prefer; an unknown or unserved format has none", () => {
    const { monitor } = new MonitorBench(10_000, 0);
    const home = (region: number, format: number): number => monitor.homeOf(requestFor(region, format));
    expect([home(0, 0), home(1, 0), home(1, 1)]).toEqual([0, 1, 2]);
    expect([home(0, 1), home(2, 0), home(1, 2), home(3, 0), home(0, 3), home(-1, 0)]).toEqual(new Array(6).fill(-1));
  });

  it("counts the arrival, in all and in its bin; an arrival without a home is not counted", () => {
    const bench = new MonitorBench(10_000, 0, { past: { binMs: MINUTE, counts: [Float64Array.of(7, 8)] } });
    bench.arrive(0.5 * MINUTE, 0, 2);
    bench.arrive(1.5 * MINUTE, 1, 3);
    bench.arrive(1.6 * MINUTE, 2, 9);
    bench.kernel.run(2 * MINUTE);
    const { pools, history } = bench.monitor.observe("tick", -1);
    expect(pools.map(({ arrivals }) => arrivals)).toEqual([2, 3, 0]);
    const { length, binMs, originMs, epochMs } = history;
    expect({ length, binMs, originMs, epochMs }).toEqual({
      ...{ length: 4, binMs: MINUTE, originMs: -2 * MINUTE, epochMs: 1e12 },
    });
    const bins = [0, 1, 2].map((pool) => [0, 1, 2, 3].map((bin) => history.at(pool, bin)));
    expect(bins).toEqual([
      [7, 8, 2, 0],
      [0, 0, 0, 3],
      [0, 0, 0, 0],
    ]);
  });

  it("counts the requests that wait for it, of each region and format that prefers it", () => {
    const bench = new MonitorBench(10_000, 0, {}, "nearest");
    // Region 2 has no pool: region 1 is nearer to it than region 0.
    for (const [region, format] of [
      [0, 0],
      [1, 0],
      [2, 0],
      [2, 0],
      [0, 1],
    ])
      bench.wait(region, format);
    expect([0, 1, 2].map((pool) => bench.monitor.waitingAt(pool))).toEqual([1, 3, 1]);
  });
});

describe("an observation without a lag", () => {
  /** At 30 s: two streamlets of pool 0 are ready, one of them drains with a stream on it. */
  function loaded(): MonitorBench {
    const bench = new MonitorBench(10_000, 0);
    const { managed, kernel, monitor } = bench;
    const [first, second] = managed.ready(2);
    managed.manager.setDesired(1, 3);
    kernel.run(10_000);
    managed.load(first, 2);
    managed.load(second, 1);
    bench.wait(0, 0);
    kernel.run(20_000);
    bench.wait(0, 0);
    bench.wait(1, 1);
    // No pool serves it: nobody's metrics count it.
    bench.wait(0, 2);
    managed.manager.evict(second.id);
    for (let i = 0; i < 4; i++) monitor.onArrival(requestFor(0, 0));
    kernel.run(30_000);
    return bench;
  }

  it("has the counts and the integrals of this instant, pool by pool", () => {
    const { monitor } = loaded();
    const [eu, us, other] = monitor.observe("no-free-slot", 2).pools;
    expect(eu).toEqual({
      ...{ name: "pool-0", region: "eu", slots: 2, min: 1, max: 11 },
      ...{ ready: 1, spawning: 1, draining: 1, parked: 0, desired: 2 },
      ...{ observedAtMs: 30_000, observedReady: 1, open: 2, openDraining: 1, waiting: 2, arrivals: 4 },
      // Three streams for 20 s, one of them draining for 10 s; two wait for 20 and 10 s.
      ...{ openStreamMs: 60_000, drainingStreamMs: 10_000, waitingRequestMs: 30_000 },
    });
    expect(us).toMatchObject({ name: "pool-1", region: "us", slots: 4, min: 2, max: 12, spawning: 3, desired: 3 });
    expect(other).toMatchObject({ name: "pool-2", slots: 8, min: 3, max: 13, waiting: 1, waitingRequestMs: 10_000 });
  });

  it("says when it was made and why, and has the manager's measured starts", () => {
    const { monitor, managed } = loaded();
    const { nowMs, trigger, triggerPool, spawn, warmStart } = monitor.observe("no-free-slot", 2);
    expect({ nowMs, trigger, triggerPool }).toEqual({ nowMs: 30_000, trigger: "no-free-slot", triggerPool: 2 });
    expect([spawn === managed.manager.spawnTimes, warmStart === managed.manager.warmStartTimes]).toEqual([true, true]);
  });

  it("counts the streams that are open now, by their age", () => {
    const { monitor, kernel } = loaded();
    monitor.holding?.onStart(0);
    expect(monitor.observe("tick", -1).holding.survivors(0, 0)).toBeCloseTo(1, 9);
    monitor.holding?.onStart(0);
    kernel.run(31_000);
    expect(monitor.observe("tick", -1).holding.survivors(0, 0)).toBeCloseTo(2, 9);
  });

  it("stays as it was when a later one is made, which counts anew", () => {
    const { monitor, kernel } = loaded();
    const before = monitor.observe("tick", -1);
    const pools = before.pools.map((pool) => ({ ...pool }));
    const { length } = before.history;
    monitor.onArrival(requestFor(0, 0));
    kernel.run(2 * MINUTE);
    const after = monitor.observe("tick", -1);
    expect(before.pools).toEqual(pools);
    expect([before.history.length, after.history.length]).toEqual([length, length + 2]);
    // The two that waited at 30 s still wait, 90 s later.
    expect(after.pools[0]).toMatchObject({ arrivals: 5, waiting: 2, waitingRequestMs: 30_000 + 2 * 1.5 * MINUTE });
  });

  it("needs no scrape between the decisions", () => {
    const { monitor, kernel } = new MonitorBench(10_000, 0);
    monitor.start();
    kernel.run(100_000);
    expect(kernel.events).toBe(0);
  });
});

describe("an observation with a lag", () => {
  it("has no metrics before the first scrape, but the streamlets of now and the past", () => {
    const pastHoldingMs = new Float64Array(200).fill(2.5 * MINUTE);
    const past = { binMs: MINUTE, counts: specs.map(() => Float64Array.of(7)) };
    const bench = new MonitorBench(10_000, 20_000, { past, pastHoldingMs });
    const { monitor, managed, kernel } = bench;
    monitor.start();
    managed.load(managed.ready(1)[0], 1);
    bench.wait(0, 0);
    bench.arrive(1000, 0);
    kernel.run(9_000);
    const { pools, history, holding } = monitor.observe("tick", -1);
    expect(pools[0]).toEqual({
      ...{ name: "pool-0", region: "eu", slots: 2, min: 1, max: 11 },
      ...{ ready: 1, spawning: 0, draining: 0, parked: 0, desired: 1 },
      ...{ observedAtMs: Number.NEGATIVE_INFINITY, observedReady: 0, open: 0, openDraining: 0, waiting: 0 },
      ...{ arrivals: 0, openStreamMs: 0, drainingStreamMs: 0, waitingRequestMs: 0 },
    });
    expect([history.length, history.at(0, 0), history.at(0, 1)]).toEqual([1, 7, Number.NaN]);
    expect(holding.meanMs).toBe(new HoldingTimes(3, pastHoldingMs, { nowMs: () => 0 }).past.meanMs);
    expect(holding.survivors(0, 0)).toBe(0);
  });

  it.each([
    // The tick at 10 s is the first whose scrape, at 4 s, is not before t=0.
    ["less than a tick", 10_000, 6_000, [4_000, 14_000, 24_000]],
    ["a tick", 10_000, 10_000, [0, 10_000, 20_000]],
    ["more than a tick", 10_000, 25_000, [5_000, 15_000, 25_000]],
  ])("of %s sees at each tick the scrape that is as old as the lag", (_, tickMs, lagMs, scrapedAtMs) => {
    const bench = new MonitorBench(tickMs, lagMs);
    bench.monitor.start();
    for (const atMs of scrapedAtMs) expect(bench.seenAt(atMs + lagMs)).toBe(atMs);
    // Between two ticks it is still the last one.
    const last = scrapedAtMs[2];
    expect(bench.seenAt(last + lagMs + tickMs - 1)).toBe(last);
  });

  it("has the metrics, the bins and the open streams of the scrape, and the streamlets of now", () => {
    const bench = new MonitorBench(60_000, 30_000);
    const { monitor, managed, kernel } = bench;
    monitor.start();
    const [first] = managed.ready(1);
    kernel.run(10_000);
    managed.load(first, 1);
    monitor.holding?.onStart(0);
    bench.wait(0, 0);
    // An arrival at the instant of the scrape comes before it.
    bench.arrive(30_000, 0, 3);
    bench.arrive(30_001, 0, 5);
    kernel.run(59_999);
    managed.load(first, 1);
    monitor.holding?.onStart(0);
    managed.manager.setDesired(0, 4);
    kernel.run(60_000);
    const { nowMs, pools, history, holding } = monitor.observe("tick", -1);
    expect([nowMs, history.length]).toEqual([60_000, 0]);
    expect(pools[0]).toMatchObject({
      ...{ ready: 1, spawning: 3, desired: 4, observedAtMs: 30_000, observedReady: 1 },
      ...{ open: 1, arrivals: 3, waiting: 1, openStreamMs: 20_000, waitingRequestMs: 20_000 },
    });
    expect(holding.survivors(0, 0)).toBeCloseTo(1, 9);
    kernel.run(120_000);
    const later = monitor.observe("tick", -1);
    expect([later.history.length, later.history.at(0, 0)]).toEqual([1, 8]);
    expect(later.pools[0]).toMatchObject({ observedAtMs: 90_000, open: 2, arrivals: 8 });
    expect(later.holding.survivors(0, 0)).toBeCloseTo(2, 9);
  });

  it("takes no scrape where no tick comes", () => {
    const { monitor, kernel } = new MonitorBench(never, 30_000);
    monitor.start();
    kernel.run(1_000_000);
    expect(kernel.events).toBe(0);
  });
});

describe("holding times that nothing looks at", () => {
  it.each([
    ["without a lag", 0, 20_000],
    ["before the first scrape", 20_000, 0],
    ["after it", 20_000, 20_000],
  ])("are not measured, and reading them is a bug that says so: %s", (_, lagMs, nowMs) => {
    const { monitor, kernel } = new MonitorBench(10_000, lagMs, { pastHoldingMs: undefined });
    expect(monitor.holding).toBeUndefined();
    monitor.start();
    kernel.run(nowMs);
    const { holding } = monitor.observe("tick", -1);
    const reads = [
      () => holding.meanMs,
      () => holding.survival(0),
      () => holding.integratedSurvivalMs(1),
      () => holding.survivors(0, 0),
    ];
    for (const read of reads) expect(read).toThrow("holding times are not measured for this policy");
  });
});
