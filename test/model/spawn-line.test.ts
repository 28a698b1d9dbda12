import { describe, expect, it } from "vitest";
import { constantLaw } from "../../src/base/distribution.js";
import { FleetBench } from "./fleet-bench.js";

/** Instants at which so many streamlets, launched at once, become ready. */
function readyInstants(count: number, sharing = 0): number[] {
  const bench = new FleetBench(
    { spawnLaw: constantLaw(10) },
    { spawnLine: { startsAtOnce: 2, serialMs: 1, sharing, perStream: 0, crowding: 0 } },
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
    // The first is alone for 1 ms; its other 9 take 13.5. The second then has 1 left, which takes 1.5 beside the third; and so on.
    expect(readyInstants(4, 0.5)).toEqual([14.5, 16, 29.5, 30.5]);
  });

  it("take longer by a share for each stream that is open on the machine", () => {
    const bench = new FleetBench(
      { spawnLaw: constantLaw(10) },
      { spawnLine: { startsAtOnce: 2, serialMs: 0, sharing: 0, perStream: 0.1, crowding: 0 } },
    );
    const [id] = bench.launch(1);
    expect(bench.at(1).readyAtMs).toEqual([10]);
    for (let i = 0; i < 2; i++) bench.assign(id, { holdS: 10 });
    bench.launch(1);
    expect(bench.at(2).readyAtMs).toEqual([10, 1012]);
  });

  it("make room when one is cancelled, under way or waiting", () => {
    const bench = new FleetBench(
      { spawnLaw: constantLaw(10) },
      { spawnLine: { startsAtOnce: 1, serialMs: 0, sharing: 0, perStream: 0, crowding: 0 } },
    );
    const [first, second, third] = bench.launch(3);
    bench.kernel.run(4);
    bench.fleet.terminate(second, "spawn-cancelled");
    bench.fleet.terminate(first, "spawn-cancelled");
    expect(bench.take()).toEqual([]);
    expect(bench.at(0.014).take()).toEqual([`0.014 s: ${third} ready`]);
  });
});
