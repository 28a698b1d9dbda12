import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { ArrivalCounts } from "../../../src/control/monitor/arrival-counts.js";
import { HoldingTimes } from "../../../src/control/monitor/holding-times.js";
import { Scrapes } from "../../../src/control/monitor/scrapes.js";

describe("arrival counts", () => {
  const past = { binMs: 1000, counts: [Float64Array.of(5, 6), Float64Array.of(0, 1)] };

  it("show the past, then every closed bin, each arrival in its pool and bin", () => {
    const counts = new ArrivalCounts(2, past, 0);
    const random = new RandomStream("arrivals");
    const wanted = [new Array<number>(2000).fill(0), new Array<number>(2000).fill(0)];
    for (let nowMs = 0; nowMs < 2_000_000; nowMs += random.exponential() * 300) {
      const pool = random.integerBelow(2);
      counts.record(pool, nowMs);
      wanted[pool][Math.floor(nowMs / 1000)]++;
    }
    const view = counts.view(2_000_000);
    expect([view.length, view.originMs]).toEqual([2002, -2000]);
    for (let pool = 0; pool < 2; pool++) {
      const found = Array.from({ length: view.length }, (_, bin) => view.at(pool, bin));
      expect(found).toEqual([...past.counts[pool], ...wanted[pool]]);
      expect(counts.totals[pool]).toBe(wanted[pool].reduce((sum, n) => sum + n, 0));
    }
  });

  it("show no bin that was still open at the instant of the view", () => {
    const counts = new ArrivalCounts(1, { binMs: 1000, counts: [new Float64Array(0)] }, 0);
    for (let nowMs = 0; nowMs < 10_000; nowMs += 100) counts.record(0, nowMs);
    const late = counts.view(4999);
    expect([late.length, late.at(0, 3)]).toEqual([4, 10]);
    expect(late.at(0, 4)).toBeNaN();
    expect(counts.view(Number.NEGATIVE_INFINITY).length).toBe(0);
    expect(counts.view(5000).length).toBe(5);
  });

  it("begin with nothing where there is no past, of any number of pools", () => {
    const counts = new ArrivalCounts(2, { binMs: 1000, counts: [] }, 7);
    // An arrival at the end of a bin belongs to the next one.
    counts.record(1, 1000);
    const view = counts.view(2000);
    expect([view.length, Math.abs(view.originMs), view.epochMs]).toEqual([2, 0, 7]);
    expect([0, 1].map((pool) => [view.at(pool, 0), view.at(pool, 1)])).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(new ArrivalCounts(0, { binMs: 1000, counts: [] }, 0).view(5000).length).toBe(5);
  });

  it("leave the past that they were given as it was", () => {
    const given = [Float64Array.of(5, 6)];
    const counts = new ArrivalCounts(1, { binMs: 1000, counts: given }, 0);
    for (let nowMs = 0; nowMs < 5000; nowMs += 500) counts.record(0, nowMs);
    expect(counts.view(5000).at(0, 4)).toBe(2);
    expect(given).toEqual([Float64Array.of(5, 6)]);
  });

  it("count a bin without arrivals as 0", () => {
    const counts = new ArrivalCounts(1, { binMs: 1000, counts: [new Float64Array(0)] }, 0);
    counts.record(0, 999);
    counts.record(0, 5000);
    const view = counts.view(6000);
    expect(Array.from({ length: 6 }, (_, bin) => view.at(0, bin))).toEqual([1, 0, 0, 0, 0, 1]);
  });
});

describe("scrapes", () => {
  it("arrive in order, each when its lag is over, and the last one stays", () => {
    const holding = new HoldingTimes(1, new Float64Array(0), { nowMs: () => 0 }).past;
    const scrapes = new Scrapes();
    expect(scrapes.newestAt(100)).toBeUndefined();
    for (const atMs of [10, 20, 30]) scrapes.add({ atMs, pools: [], holding });
    expect([9, 10, 25, 25, 30, 99].map((atMs) => scrapes.newestAt(atMs)?.atMs)).toEqual([
      undefined,
      10,
      20,
      20,
      30,
      30,
    ]);
  });
});
