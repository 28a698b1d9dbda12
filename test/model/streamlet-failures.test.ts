import { describe, expect, it } from "vitest";
import { FleetBench } from "./fleet-bench.js";

describe("a streamlet that hangs", () => {
  it("ends none of the streams that were open when it hung; all are lost when it is found", () => {
    const bench = new FleetBench({}, { hangMtbfMs: 1, hangTimeoutMs: 5000 });
    const [id] = bench.launch(1);
    bench.kernel.run(0);
    for (const holdS of [1, 2, 3]) bench.assign(id, { holdS });
    bench.at(4);
    // The hang comes within some milliseconds; without it each stream would have ended since.
    expect(bench.take()).toEqual(["0 s: 0 ready"]);
    expect(bench.fleet.open).toBe(3);
    bench.at(6);
    const [stopped, ...streams] = bench.take().map((line) => line.replace(/^[\d.]+ s: /, ""));
    expect(stopped).toBe("0 stopped: hung");
    expect(streams.sort()).toEqual([1, 2, 3].map((stream) => `stream ${stream} on 0 interrupted`));
    bench.at(60);
    expect(bench.take()).toEqual([]);
  });

  it("ends nothing where nothing fails", () => {
    const bench = new FleetBench();
    const [id] = bench.launch(1);
    bench.kernel.run(0);
    bench.assign(id, { holdS: 1 });
    bench.at(1e6);
    expect(bench.take()).toEqual(["0 s: 0 ready", "1 s: stream 1 on 0 completed"]);
  });
});
