import { describe, expect, it } from "vitest";
import { FleetBench } from "./fleet-bench.js";

describe("hosts that are reclaimed", () => {
  it("close together, take their notice, and then end with all that still runs on them", () => {
    const reclaim = { share: 0.5, atMs: 10_000, noticeMs: 120_000 };
    const reservation = { cpu: 1, memoryBytes: Infinity, bitsPerSecond: Infinity };
    const bench = new FleetBench({ reservation }, { hosts: 4, host: { cpu: 2 }, reclaim });
    const ids = bench.launch(8);
    bench.kernel.run(0);
    bench.take();
    bench.at(10);
    const leaving = bench.take();
    expect(leaving).toHaveLength(4);
    expect(leaving.every((line) => /^10 s: the host of \d+ leaves$/.test(line))).toBe(true);
    expect(bench.group!.hosts.filter(({ cordoned }) => cordoned)).toHaveLength(2);
    // The others are full, and the closed ones take nobody, so that there is no room.
    expect(bench.launch(1)).toEqual([]);
    expect(bench.at(129).take()).toEqual([]);
    const ended = bench.at(130).take();
    expect(ended).toHaveLength(4);
    expect(ended.every((line) => line.endsWith("stopped: host-failed"))).toBe(true);
    expect(ids).toHaveLength(8);
  });
});
