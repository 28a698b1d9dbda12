import { describe, expect, it } from "vitest";
import { constantLaw } from "../../src/base/distribution.js";
import { FleetBench } from "./fleet-bench.js";

/** Instants at which so many streamlets, launched at once, become ready. */
function readyInstants(count: number, contention = 0): number[] {
  const bench = new FleetBench(
    { spawnLaw: constantLaw(10), contention },
    { spawnLine: { startsAtOnce: 2, serialMs: 1 } },
  );
  bench.launch(count);
  return bench.at(1).readyAtMs;
}

describe("the starts of one machine", () => {
  it("go two at a time behind one fork at a time: ready at 10, 11, 20, 21, 30 ms", () => {
    // 0–10; fork at 1, ready 11; the third at 10; the fourth at 11; the fifth at 20.
    expect(readyInstants(5)).toEqual([10, 11, 20, 21, 30]);
  });

  it("lengthen each other while they are under way together", () => {
    // The first is alone when it begins: 10. The second beside one: 1 + 15. Then each beside one: 10 + 15, 16 + 15.
    expect(readyInstants(4, 0.5)).toEqual([10, 16, 25, 31]);
  });

  it("make room when one is cancelled, under way or waiting", () => {
    const bench = new FleetBench({ spawnLaw: constantLaw(10) }, { spawnLine: { startsAtOnce: 1, serialMs: 0 } });
    const [first, second, third] = bench.launch(3);
    bench.kernel.run(4);
    bench.fleet.terminate(second, "spawn-cancelled");
    bench.fleet.terminate(first, "spawn-cancelled");
    expect(bench.take()).toEqual([]);
    expect(bench.at(0.014).take()).toEqual([`0.014 s: ${third} ready`]);
  });
});
