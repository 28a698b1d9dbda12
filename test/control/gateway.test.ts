import { describe, expect, it } from "vitest";
import { LeastConnections } from "../../src/control/balancers/least-connections.js";
import { Gateway } from "../../src/control/gateway.js";
import { Quarantine } from "../../src/control/quarantine.js";
import type { Streamlet } from "../../src/control/streamlet.js";
import type { StreamletPool } from "../../src/control/streamlet-pool.js";
import { Kernel } from "../../src/kernel/kernel.js";
import type { Balancer } from "../../src/ports/balancer.js";
import { FakeFleet, NotedTelemetry, never, poolSpec } from "./fake-parts.js";
import { poolWith, requestFor, routingOf } from "./loaded-pools.js";

/** A gateway before these pools; three regions and three formats are known. */
class GatewayBench {
  readonly kernel = new Kernel();
  readonly fleet = new FakeFleet();
  readonly telemetry = new NotedTelemetry();
  noFreeSlot = 0;
  readonly gateway: Gateway;
  private lastId = 0;

  constructor(
    readonly pools: readonly StreamletPool[],
    waitingRoom = never,
    balancer: Balancer = new LeastConnections(),
    quarantine?: Quarantine,
  ) {
    const listener = {
      onTaken: (): void => undefined,
      onNoFreeSlot: (): void => {
        this.noFreeSlot++;
      },
    };
    const { fleet, kernel, telemetry } = this;
    this.gateway = new Gateway(waitingRoom, {
      ...{ routing: routingOf(pools, "nearest"), pools, balancer, fleet, scheduler: kernel, telemetry },
      listener,
      quarantine,
    });
  }

  request(region: number, format: number, patienceMs = never, source?: number): number {
    const id = ++this.lastId;
    const more = { id, patienceMs, arrivedAtMs: this.kernel.nowMs(), ...(source === undefined ? {} : { source }) };
    this.gateway.request(requestFor(region, format, more));
    return id;
  }

  /** A stream of this streamlet ends now. */
  end(streamlet: Streamlet): void {
    this.pools[streamlet.pool].release(streamlet, this.kernel.nowMs());
    this.gateway.serveWaiting(streamlet);
  }

  lines(): string[] {
    return this.telemetry.lines.filter((line) => !line.endsWith("arrived"));
  }
}

describe("the gateway", () => {
  it("gives a request to the streamlet that the balancer picks, at once, and notes when and where", () => {
    const bench = new GatewayBench([poolWith(poolSpec(0), [1, 0])]);
    bench.kernel.run(40);
    bench.request(0, 0);
    expect(bench.lines()).toEqual(["1 to 1 after 0 ms"]);
    expect(bench.fleet.assigned[0].request).toMatchObject({ startedAtMs: 40, pool: 0 });
    expect(bench.pools[0].openReady).toBe(2);
  });

  it.each([
    ["an unknown region", 3, 0, "unknown-region"],
    ["a negative region", -1, 0, "unknown-region"],
    ["no region at all", Number.NaN, 0, "unknown-region"],
    ["an unknown format", 0, 3, "unknown-format"],
    ["a format that nobody decodes", 0, 2, "no-compatible-streamlet"],
  ])("turns away %s, with the reason", (_, region, format, reason) => {
    const bench = new GatewayBench([poolWith(poolSpec(0, { formats: [0, 1] }), [0])]);
    bench.request(region, format);
    expect(bench.lines()).toEqual([`1 rejected ${reason}`]);
    expect(bench.noFreeSlot).toBe(0);
  });

  it("lets a request wait and reports it when no slot is free, and rejects it when the waiting room is full", () => {
    const bench = new GatewayBench([poolWith(poolSpec(0), [2])], 2);
    for (let n = 0; n < 4; n++) bench.request(0, 0);
    expect(bench.lines()).toEqual([
      "1 waits",
      "2 waits",
      "3 rejected waiting-room-full",
      "4 rejected waiting-room-full",
    ]);
    expect(bench.noFreeSlot).toBe(2);
    // One place comes free: one more may wait.
    bench.end(bench.pools[0].ready[0]);
    bench.request(0, 0);
    expect(bench.lines().slice(4)).toEqual(["1 to 0 after 0 ms, waited", "5 waits"]);
  });

  it("turns everything away that finds no slot when there is no room to wait", () => {
    const bench = new GatewayBench([poolWith(poolSpec(0), [1])], 0);
    bench.request(0, 0);
    bench.request(0, 0);
    expect(bench.lines()).toEqual(["1 to 0 after 0 ms", "2 rejected waiting-room-full"]);
  });

  it("serves the request that has waited longest of those that a free slot can serve", () => {
    const bench = new GatewayBench([
      poolWith(poolSpec(0, { formats: [0], slots: 1 }), [1]),
      poolWith(poolSpec(1, { formats: [1], slots: 1 }), [1]),
      poolWith(poolSpec(2, { formats: [0, 1], slots: 1, region: 1 }), [1]),
    ]);
    bench.request(0, 1);
    bench.kernel.run(10);
    bench.request(1, 0);
    bench.request(0, 0);
    bench.kernel.run(50);
    bench.end(bench.pools[0].ready[0]);
    expect(bench.lines().at(-1)).toBe("2 to 0 after 40 ms, waited");
    bench.end(bench.pools[2].ready[0]);
    expect(bench.lines().at(-1)).toBe("1 to 200000 after 50 ms, waited");
    bench.end(bench.pools[1].ready[0]);
    expect(bench.lines()).toHaveLength(5);
    expect(bench.gateway.waitingRoom.size).toBe(1);
  });

  it("fills all slots of a streamlet that becomes ready", () => {
    const bench = new GatewayBench([poolWith(poolSpec(0, { slots: 3 }), [3])]);
    for (let n = 0; n < 5; n++) bench.request(0, 0);
    const fresh = poolWith(poolSpec(0, { slots: 3 }), [0]).ready[0];
    bench.pools[0].addReady(fresh, 0);
    bench.gateway.serveWaiting(fresh);
    expect(fresh.open).toBe(3);
    expect(bench.gateway.waitingRoom.waiting(0)).toBe(2);
  });

  it("gives nothing to a draining streamlet", () => {
    const bench = new GatewayBench([poolWith(poolSpec(0), [2])]);
    bench.request(0, 0);
    const [streamlet] = bench.pools[0].ready;
    bench.pools[0].removeReady(streamlet, 0);
    streamlet.state = "draining";
    bench.pools[0].addDraining(streamlet, 0);
    bench.end(streamlet);
    expect(bench.lines()).toEqual(["1 waits"]);
  });

  it("lets patience end exactly when it should, from the middle of the queue too", () => {
    const bench = new GatewayBench([poolWith(poolSpec(0, { slots: 1 }), [1])]);
    bench.request(0, 0, 1000);
    bench.request(0, 0, 300);
    bench.request(0, 0);
    bench.kernel.run(299);
    expect(bench.lines()).toHaveLength(3);
    bench.kernel.run(300);
    expect(bench.lines().slice(3)).toEqual(["2 abandoned"]);
    bench.end(bench.pools[0].ready[0]);
    // Served before its patience ended: the timer is gone.
    bench.kernel.run(5000);
    expect(bench.lines().slice(4)).toEqual(["1 to 0 after 300 ms, waited"]);
    expect(bench.kernel.pending).toBe(0);
    expect(bench.gateway.waitingRoom.waitingMs(0, 5000)).toBe(300 + 300 + 5000);
  });

  it("abandons a request without patience at once when no slot is free", () => {
    const bench = new GatewayBench([poolWith(poolSpec(0, { slots: 1 }), [1])]);
    bench.request(0, 0, 0);
    bench.kernel.run(0);
    expect(bench.lines()).toEqual(["1 waits", "1 abandoned"]);
  });

  it.each([
    ["a full one", "ready", 1, /picked streamlet 0, which is ready with 1 streams/],
    ["a draining one with a free slot", "draining", 0, /picked streamlet 0, which is draining with 0 streams/],
  ] as const)("catches a balancer that picks %s", (_, state, load, message) => {
    const pool = poolWith(poolSpec(0, { slots: 1 }), [load, 0]);
    const [picked] = pool.ready;
    const bench = new GatewayBench([pool], never, { pick: () => picked });
    picked.state = state;
    expect(() => bench.request(0, 0)).toThrow(message);
    expect(bench.fleet.assigned).toEqual([]);
  });

  it("notices a timer of patience that fires though its request has been served", () => {
    const bench = new GatewayBench([poolWith(poolSpec(0, { slots: 1 }), [1])]);
    bench.kernel.cancel = () => false;
    bench.request(0, 0, 100);
    bench.end(bench.pools[0].ready[0]);
    expect(() => bench.kernel.run(100)).toThrow(/request 1 lost its patience without waiting/);
  });

  it("lets a request wait when the balancer picks none of the free streamlets", () => {
    const bench = new GatewayBench([poolWith(poolSpec(0), [0])], never, { pick: () => undefined });
    bench.request(0, 0);
    expect(bench.lines()).toEqual(["1 waits"]);
  });
});

describe("the gateway, when a client disconnects", () => {
  it("takes the waiting request out as abandoned, once, and its timer with it", () => {
    const bench = new GatewayBench([poolWith(poolSpec(0, { slots: 1 }), [1])]);
    const first = bench.request(0, 0, 1000);
    bench.request(0, 0, 1000);
    bench.kernel.run(300);
    expect(bench.gateway.withdraw(first)).toBe(true);
    expect(bench.gateway.withdraw(first)).toBe(false);
    expect(bench.lines().slice(2)).toEqual(["1 abandoned"]);
    expect([bench.gateway.waitingRoom.size, bench.kernel.pending]).toEqual([1, 1]);
    bench.end(bench.pools[0].ready[0]);
    bench.kernel.run(5000);
    expect(bench.lines().slice(3)).toEqual(["2 to 0 after 300 ms, waited"]);
  });

  it("changes nothing where the request does not wait, or waits without a bound", () => {
    const bench = new GatewayBench([poolWith(poolSpec(0, { slots: 1 }), [0])]);
    const served = bench.request(0, 0, 1000);
    const unbounded = bench.request(0, 0);
    const lines = bench.lines();
    for (const id of [served, unbounded, 99]) expect(bench.gateway.withdraw(id)).toBe(false);
    expect(bench.lines()).toEqual(lines);
    expect(bench.gateway.waitingRoom.size).toBe(1);
  });
});

describe("the gateway, with a quarantine", () => {
  it("refuses a held source for as long as it is held, and neither another source nor one without a name", () => {
    const quarantine = new Quarantine({ deaths: 1, windowMs: 1000, holdMs: 500 });
    const bench = new GatewayBench([poolWith(poolSpec(0, { slots: 9 }), [0])], never, undefined, quarantine);
    quarantine.charge(7, 0);
    bench.kernel.run(499);
    bench.request(0, 0, never, 7);
    bench.request(0, 0, never, 8);
    bench.request(0, 0);
    bench.kernel.run(500);
    bench.request(0, 0, never, 7);
    expect(bench.lines()).toEqual([
      "1 rejected quarantined",
      "2 to 0 after 0 ms",
      "3 to 0 after 0 ms",
      "4 to 0 after 0 ms",
    ]);
  });

  it("serves any source where there is no quarantine", () => {
    const bench = new GatewayBench([poolWith(poolSpec(0), [0])]);
    bench.request(0, 0, never, 7);
    expect(bench.lines()).toEqual(["1 to 0 after 0 ms"]);
  });
});
