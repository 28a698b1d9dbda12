import { describe, expect, it } from "vitest";
import { constantLaw, distributionOf, exponentialLaw } from "../../src/base/distribution.js";
import { RandomStream } from "../../src/base/random.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { SpawnQueue } from "../../src/model/spawn-queue.js";
import { Phase } from "../../src/ports/scheduler.js";
import { FleetBench } from "./fleet-bench.js";

const plain = {
  ...{ startsAtOnce: 1, serialMs: 0, sharing: 0, outsideMs: 0 },
  ...{ perStream: 0, crowding: 0, delayChance: 0, delayMs: 0 },
};

/** Instants at which this many streamlets, launched at once, become ready. */
function readyInstants(count: number, sharing = 0): number[] {
  const bench = new FleetBench(
    { spawnLaw: constantLaw(10) },
    { spawnQueue: { ...plain, startsAtOnce: 2, serialMs: 1, sharing } },
  );
  bench.launch(count);
  return bench.at(1).readyAtMs;
}

describe("the starts of one machine", () => {
  it("go two at a time behind one fork at a time: ready at 10, 11, 20, 21, 30 ms", () => {
    // 0–10; fork at 1, ready 11; the third at 10; the fourth at 11; the fifth at 20.
    expect(readyInstants(5)).toEqual([10, 11, 20, 21, 30]);
  });

  it("lengthen each other for as long as they are under way together", () => {
    // The first is alone for 1 ms; its other 9 take 13.5. The second then needs 1 more, which
    // takes 1.5 beside the third; and so on.
    expect(readyInstants(4, 0.5)).toEqual([14.5, 16, 29.5, 30.5]);
  });

  it("take longer by a share for each stream that is open on the machine", () => {
    const bench = new FleetBench(
      { spawnLaw: constantLaw(10) },
      { spawnQueue: { ...plain, startsAtOnce: 2, perStream: 0.1 } },
    );
    const [id] = bench.launch(1);
    expect(bench.at(1).readyAtMs).toEqual([10]);
    for (let i = 0; i < 2; i++) bench.assign(id, { holdS: 10 });
    bench.launch(1);
    expect(bench.at(2).readyAtMs).toEqual([10, 1012]);
  });

  it("make room when one is cancelled, under way or waiting", () => {
    const bench = new FleetBench({ spawnLaw: constantLaw(10) }, { spawnQueue: plain });
    const [first, second, third] = bench.launch(3);
    bench.kernel.run(4);
    bench.fleet.terminate(second, "spawn-cancelled");
    bench.fleet.terminate(first, "spawn-cancelled");
    expect(bench.take()).toEqual([]);
    expect(bench.at(0.014).take()).toEqual([`0.014 s: ${third} ready`]);
  });

  it("keep their order when one that waits among them is cancelled", () => {
    const bench = new FleetBench({ spawnLaw: constantLaw(10) }, { spawnQueue: plain });
    const ids = bench.launch(4);
    bench.kernel.run(4);
    bench.fleet.terminate(ids[2], "spawn-cancelled");
    expect(bench.at(1).take()).toEqual([
      `0.01 s: ${ids[0]} ready`,
      `0.02 s: ${ids[1]} ready`,
      `0.03 s: ${ids[3]} ready`,
    ]);
  });

  it("stay when one leaves that is not among them", () => {
    const kernel = new Kernel();
    const started: string[] = [];
    const owner = { openStreams: () => 0, onStarted: (id: number) => started.push(`${id} at ${kernel.nowMs()}`) };
    const queue = new SpawnQueue(plain, kernel, new RandomStream("unused"), owner);
    for (const id of [1, 2]) queue.enter(id, 10, Phase.Ready);
    queue.leave(99);
    kernel.run(100);
    expect(started).toEqual(["1 at 10", "2 at 20"]);
  });

  it("wait for a fork that is under way, and not for one of long ago", () => {
    const bench = new FleetBench(
      { spawnLaw: constantLaw(10) },
      { spawnQueue: { ...plain, startsAtOnce: 4, serialMs: 1 } },
    );
    bench.launch(1);
    bench.at(1);
    bench.launch(3);
    expect(bench.at(2).readyAtMs).toEqual([10, 1010, 1011, 1012]);
  });

  it("share the machine once they are out of the fork, and not before", () => {
    const bench = new FleetBench(
      { spawnLaw: constantLaw(10) },
      { spawnQueue: { ...plain, startsAtOnce: 3, serialMs: 2, sharing: 0.5 } },
    );
    bench.launch(3);
    bench.at(1);
    // One start alone until 2 ms, two (1.5 times as long) until 4 ms, three (twice as long) until
    // the first is done; then two, then one.
    const expected = [52 / 3, 61 / 3, 65 / 3];
    bench.readyAtMs.forEach((atMs, i) => {
      expect(atMs).toBeCloseTo(expected[i], 9);
    });
    expect(bench.readyAtMs).toHaveLength(3);
  });

  it("draw no number for a delay where there is none", () => {
    const law = exponentialLaw(10);
    const bench = new FleetBench({ spawnLaw: law }, { spawnQueue: { ...plain, startsAtOnce: 9 } });
    bench.launch(4);
    const random = new RandomStream("spawn");
    const drawn = Array.from({ length: 4 }, () => distributionOf(law).sample(random));
    expect(bench.at(1).readyAtMs).toEqual(drawn.sort((a, b) => a - b));
  });

  it("hold a place only while they work: the next does not wait for their messages to the manager", () => {
    const bench = new FleetBench({ spawnLaw: constantLaw(10) }, { spawnQueue: { ...plain, outsideMs: 4 } });
    const ids = bench.launch(4);
    bench.kernel.run(3);
    bench.fleet.terminate(ids[1], "spawn-cancelled");
    expect(bench.at(1).readyAtMs).toEqual([10, 16, 22]);
  });

  it("find the cores taken by chance where streams are open, and wait exponentially then", () => {
    const starts = 400;
    const waits = (chance: number, streams: number): number[] => {
      const spawnQueue = { ...plain, startsAtOnce: starts, delayChance: chance, delayMs: 5 };
      const bench = new FleetBench({ spawnLaw: constantLaw(10) }, { spawnQueue });
      const [id] = bench.launch(1);
      bench.at(1);
      for (let i = 0; i < streams; i++) bench.assign(id, { holdS: 100 });
      bench.launch(starts);
      return bench
        .at(2)
        .readyAtMs.slice(1)
        .map((atMs) => atMs - 1010);
    };
    const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
    const standardError = 5 / Math.sqrt(starts);
    // Chance 1: Exp(5); within 3.3 standard errors, 99.9 %.
    expect(Math.abs(mean(waits(0.25, 4)) - 5)).toBeLessThan(3.3 * standardError);
    const held = waits(0.1, 4).filter((ms) => ms > 1e-9).length / starts;
    expect(Math.abs(held - 0.4)).toBeLessThan(3.3 * Math.sqrt((0.4 * 0.6) / starts));
    expect(mean(waits(0.25, 0))).toBeCloseTo(0, 9);
  });

  it("stretch each other more for each stream that is open on the machine", () => {
    const bench = new FleetBench(
      { spawnLaw: constantLaw(10) },
      { spawnQueue: { ...plain, startsAtOnce: 2, crowding: 0.25 } },
    );
    const [id] = bench.launch(1);
    bench.at(1);
    for (let i = 0; i < 2; i++) bench.assign(id, { holdS: 10 });
    // Two starts at once beside two streams take 1 + 0.25 · 2 times as long; one alone is not
    // lengthened.
    bench.launch(2);
    expect(bench.at(2).readyAtMs.slice(1)).toEqual([1015, 1015]);
    bench.launch(1);
    expect(bench.at(3).readyAtMs.slice(3)).toEqual([2010]);
  });
});
