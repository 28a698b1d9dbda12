import { describe, expect, it } from "vitest";
import { constantLaw, distributionOf } from "../../src/base/distribution.js";
import { RandomStream } from "../../src/base/random.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { RequestStock, type SimRequest } from "../../src/model/request.js";
import { SimFleet } from "../../src/model/sim-fleet.js";
import type { StreamletId, StreamRequest } from "../../src/ports/fleet.js";

const never = Number.POSITIVE_INFINITY;
const caps = { cpu: never, memoryBytes: never, bitsPerSecond: never };

/** A fleet of one ready streamlet per pool, and copies of the requests whose end it reports. */
function fleetOf(pools: number, loadMatters: boolean) {
  const kernel = new Kernel();
  const stock = new RequestStock();
  const ended: { readonly how: string; readonly request: StreamRequest }[] = [];
  const pool = { region: 0, reservation: caps, baseMemoryBytes: 0, oomAboveBytes: never, contention: 0 };
  const spawn = distributionOf(constantLaw(0));
  const fleet = new SimFleet(
    {
      ...{ pools: Array.from({ length: pools }, (_, p) => ({ ...pool, pool: p, spawn })), hostGroups: [undefined] },
      ...{ hostSupply: undefined, spawnQueue: undefined, streamletMtbfMs: never, hangTimeoutMs: 2000, spawnFailure: 0 },
      ...{ hostMtbfMs: never, hostRepair: distributionOf(constantLaw(60_000)), loadMatters },
    },
    kernel,
    { spawn: new RandomStream("spawn"), faults: new RandomStream("faults"), reclaim: new RandomStream("reclaim") },
    stock,
  );
  fleet.subscribe({
    onReady: () => undefined,
    onStreamEnded: (_id, request, how) => ended.push({ how, request: { ...request } }),
    onStopped: () => undefined,
    onHostLeaving: () => undefined,
    onRoom: () => undefined,
  });
  const ids = Array.from({ length: pools }, (_, p) => fleet.launch({ pool: p }, 1)[0]);
  fleet.start();
  kernel.run(1);
  return { kernel, stock, fleet, ids, ended };
}

/** Assigns the n-th request to a streamlet of that pool; returns a copy of it. */
function assign({ stock, fleet, kernel }: ReturnType<typeof fleetOf>, id: StreamletId, pool: number): SimRequest {
  const request = stock.take();
  const n = stock.nextId();
  const place = { id: n, source: n, series: n % 7, region: n % 3, format: n % 5, pool };
  const times = { arrivedAtMs: kernel.nowMs() - 0.5, startedAtMs: kernel.nowMs(), patienceMs: n + 0.25 };
  Object.assign(request, place, times, { holdingMs: 100 * n, cpu: 0.1 * n, memoryBytes: n, bitsPerSecond: 2 * n });
  const copy = { ...request };
  fleet.assign(id, request);
  return copy;
}

describe("a stream's request", () => {
  it.each([true, false])("is reported with all its numbers at its end, of whatever kind (loads: %s)", (loadMatters) => {
    const bench = fleetOf(2, loadMatters);
    const given = [0, 1, 0, 1, 0].map((pool) => assign(bench, bench.ids[pool], pool));
    bench.kernel.run(250);
    bench.fleet.end(bench.ids[0], "crashed");
    bench.kernel.run(1000);
    expect(bench.ended.map(({ how, request }) => [request.id, how])).toEqual([
      [1, "completed"],
      [2, "completed"],
      // A crash reports the newest first.
      [5, "interrupted"],
      [3, "interrupted"],
      [4, "completed"],
    ]);
    const names = [
      "series",
      "region",
      "format",
      "arrivedAtMs",
      "startedAtMs",
      "patienceMs",
      "attempt",
      "source",
      "pool",
    ];
    for (const { request } of bench.ended) {
      const asGiven = given[request.id - 1];
      for (const name of names) expect(Reflect.get(request, name), name).toBe(Reflect.get(asGiven, name));
    }
    const interrupted = bench.ended.filter(({ how }) => how === "interrupted");
    expect(interrupted.map(({ request }) => Reflect.get(request, "holdingMs"))).toEqual([500, 300]);
  });

  it("lends its object to the next one as soon as it is assigned", () => {
    const bench = fleetOf(1, false);
    const request = bench.stock.take();
    bench.fleet.assign(bench.ids[0], Object.assign(request, { id: 1, source: 1, holdingMs: 1000 }));
    expect(bench.stock.take()).toBe(request);
    expect([request.startedAtMs, request.pool]).toEqual([Number.NaN, -1]);
  });
});
