import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.js";
import { constantLaw, exponentialLaw } from "../../src/base/distribution.js";
import { FleetBench, never } from "./fleet-bench.js";

const MiB = 1_048_576;
const Z = 4;

describe("spawning", () => {
  it("takes the time of its law", () => {
    const bench = new FleetBench({ spawnLaw: constantLaw(2500) });
    bench.launch(2);
    bench.at(10);
    expect(bench.take()).toEqual(["2.5 s: 0 ready", "2.5 s: 1 ready"]);
  });

  it("takes longer by its share for each spawn under way on the same host, and no longer once they are over", () => {
    const bench = new FleetBench({ spawnLaw: constantLaw(1000), contention: 0.5 }, { hosts: 1 });
    bench.launch(3);
    bench.at(5);
    expect(bench.readyAtMs).toEqual([1000, 1500, 2000]);
    bench.launch(1);
    bench.at(10);
    expect(bench.readyAtMs[3]).toBe(6000);
  });

  it("does not contend with spawns on other hosts", () => {
    const one = { cpu: 1, memoryBytes: never, bitsPerSecond: never };
    const bench = new FleetBench(
      { spawnLaw: constantLaw(1000), contention: 0.5, reservation: one },
      { hosts: 3, host: { cpu: 1 } },
    );
    bench.launch(3);
    bench.at(5);
    expect(bench.readyAtMs).toEqual([1000, 1000, 1000]);
  });

  it("fails as often as it should, when it would have been ready", () => {
    const bench = new FleetBench({ spawnLaw: constantLaw(500) }, { spawnFailure: 0.1 });
    bench.launch(5000);
    bench.at(1);
    const failed = bench.take().filter((line) => line.endsWith("spawn-failed"));
    expect(failed[0]).toMatch(/^0.5 s/);
    expect(Math.abs(failed.length - 500)).toBeLessThan(Z * Math.sqrt(5000 * 0.1 * 0.9));
  });

  it("gives each streamlet an id of its own, though slots are used again", () => {
    const bench = new FleetBench();
    const ids = new Set<number>();
    for (let round = 0; round < 50; round++) {
      const [id] = bench.launch(1);
      ids.add(id);
      bench.at(round + 1);
      bench.fleet.terminate(id, "retired");
    }
    expect(ids.size).toBe(50);
    expect(() => bench.fleet.terminate([...ids][0], "retired")).toThrow(AssertionError);
  });
});

describe("hosts", () => {
  it.each([
    ["CPU", { cpu: 0.1, memoryBytes: never, bitsPerSecond: never }, { cpu: 0.8 }, 8],
    ["overcommitted CPU", { cpu: 0.1, memoryBytes: never, bitsPerSecond: never }, { cpu: 0.8, cpuOvercommit: 2 }, 16],
    ["memory", { cpu: never, memoryBytes: 96 * MiB, bitsPerSecond: never }, { memoryBytes: 1000 * MiB }, 10],
    ["network", { cpu: never, memoryBytes: never, bitsPerSecond: 50e6 }, { bitsPerSecond: 160e6 }, 3],
  ] as const)("hold as many streamlets as their %s has room for", (_, reservation, host, each) => {
    const bench = new FleetBench({ reservation }, { hosts: 2, host });
    expect(bench.launch(1000)).toHaveLength(2 * each);
    expect(bench.launch(1)).toEqual([]);
    bench.at(1);
    bench.fleet.terminate(3, "retired");
    expect(bench.launch(5)).toHaveLength(1);
  });

  it("without limits hold any number", () => {
    expect(new FleetBench({}, { hosts: 1 }).launch(3000)).toHaveLength(3000);
    expect(new FleetBench().launch(3000)).toHaveLength(3000);
  });

  it("fail with everything on them, come back repaired, and report it", () => {
    const bench = new FleetBench({}, { hosts: 1, hostMtbfMs: 3_600_000 });
    const [id] = bench.launch(1);
    bench.kernel.run(0);
    bench.assign(id, { holdS: 1e9 });
    bench.take();
    while (bench.lines.length < 3 && bench.kernel.step());
    const failedAt = bench.kernel.nowMs();
    const atS = `${(failedAt - 60_000) / 1000} s`;
    expect(bench.take()).toEqual([
      `${atS}: ${id} stopped: host-failed`,
      `${atS}: stream 1 on ${id} interrupted`,
      `${failedAt / 1000} s: room`,
    ]);
    expect(bench.launch(1)).toHaveLength(1);
  });

  it("that are down take no streamlet", () => {
    const bench = new FleetBench({}, { hosts: 1, hostMtbfMs: 3_600_000 });
    bench.launch(1);
    bench.kernel.run(0);
    while (!bench.lines.some((line) => line.endsWith("host-failed"))) bench.kernel.step();
    expect(bench.launch(1)).toEqual([]);
  });
});

describe("crashes", () => {
  it("come at the rate of the MTBF, and interrupt only the streams of their streamlet", () => {
    const bench = new FleetBench({}, { streamletMtbfMs: 100_000 });
    bench.launch(400);
    bench.kernel.run(0);
    for (let id = 0; id < 400; id++) bench.assign(id, { holdS: 1e9 });
    bench.at(25);
    const lines = bench.take();
    const crashed = lines.filter((line) => line.endsWith("crashed")).length;
    // Each of 400 has crashed within a quarter of its MTBF with probability 1 − e^(−1/4) = 0.2212.
    expect(Math.abs(crashed - 88.5)).toBeLessThan(Z * Math.sqrt(400 * 0.2212 * 0.7788));
    expect(lines.filter((line) => line.endsWith("interrupted"))).toHaveLength(crashed);
    expect(bench.fleet.open).toBe(400 - crashed);
  });

  it("do not end a streamlet that was retired before", () => {
    const bench = new FleetBench({}, { streamletMtbfMs: 1000 });
    const [id] = bench.launch(1);
    bench.kernel.run(0);
    bench.fleet.terminate(id, "retired");
    bench.at(1000);
    expect(bench.take()).toEqual(["0 s: 0 ready"]);
  });
});

describe("hangs", () => {
  it("are found after the time-out, with what was open by then, and end no stream before", () => {
    const bench = new FleetBench({}, { hangMtbfMs: 50_000, hangTimeoutMs: 2000 });
    const [id] = bench.launch(1);
    bench.kernel.run(0);
    // A stream each second, of half a second: those after the hang never complete.
    while (!bench.lines.some((line) => line.includes("stopped"))) {
      bench.assign(id, { holdS: 0.5 });
      bench.at(Math.floor(bench.kernel.nowMs() / 1000) + 1);
    }
    const lines = bench.take();
    const end = lines.findIndex((line) => line.includes("stopped"));
    expect(lines[end]).toMatch(/ 0 stopped: hung$/);
    const hurt = lines.slice(end + 1);
    expect(hurt.length).toBeGreaterThanOrEqual(2);
    expect(hurt.every((line) => line.endsWith("interrupted"))).toBe(true);
    const lastServedS = Number.parseFloat(lines[end - 1]);
    const foundS = Number.parseFloat(lines[end]);
    expect(foundS - lastServedS).toBeGreaterThanOrEqual(1.5);
    expect(foundS - lastServedS).toBeLessThanOrEqual(3);
    expect(bench.fleet.open).toBe(0);
  });

  it("and memory hogs come at their own rates, beside crashes, whichever is first", () => {
    const mtbf = { streamletMtbfMs: 400_000, hangMtbfMs: 200_000, hangTimeoutMs: 1, memoryHogMtbfMs: 400_000 };
    const bench = new FleetBench({}, mtbf);
    bench.launch(2000);
    bench.at(100);
    const lines = bench.take();
    const count = (reason: string): number => lines.filter((line) => line.endsWith(reason)).length;
    // 1 per 100 s together: 1 − 1/e of 2000 have ended; half by a hang, 1/4 by each other cause.
    const ended = 2000 * (1 - Math.exp(-1));
    for (const [reason, share] of [
      ["hung", 0.5],
      ["crashed", 0.25],
      ["out-of-memory", 0.25],
    ] as const) {
      const p = (share * ended) / 2000;
      expect(Math.abs(count(reason) - 2000 * p)).toBeLessThan(Z * Math.sqrt(2000 * p * (1 - p)));
    }
  });

  it("do nothing to a streamlet that was retired before", () => {
    const bench = new FleetBench({}, { hangMtbfMs: 1000 });
    const [id] = bench.launch(1);
    bench.kernel.run(0);
    bench.fleet.terminate(id, "retired");
    bench.at(1000);
    expect(bench.take()).toEqual(["0 s: 0 ready"]);
  });
});

describe("draining", () => {
  it("ends with the last stream, unless it was taken back", () => {
    const bench = new FleetBench();
    const [first, second, third] = bench.launch(3);
    bench.kernel.run(0);
    bench.assign(first, { holdS: 5 });
    bench.assign(first, { holdS: 8 });
    bench.assign(second, { holdS: 5 });
    bench.take();
    for (const id of [first, second, third]) bench.fleet.drain(id);
    bench.fleet.undrain(second);
    bench.at(10);
    expect(bench.take()).toEqual([
      "0 s: 2 stopped: drained",
      "5 s: stream 1 on 0 completed",
      "5 s: stream 3 on 1 completed",
      "8 s: stream 2 on 0 completed",
      "8 s: 0 stopped: drained",
    ]);
  });
});

describe("overload", () => {
  const caps = { cpu: 0.5, memoryBytes: never, bitsPerSecond: 10e6 };

  it("of a streamlet's CPU or network degrades the streams that were there while it lasted", () => {
    for (const heavy of [{ cpu: 0.3 }, { bitsPerSecond: 6e6 }]) {
      const bench = new FleetBench({ reservation: caps });
      const [id] = bench.launch(1);
      bench.kernel.run(0);
      bench.assign(id, { holdS: 10, ...heavy });
      bench.at(5);
      bench.assign(id, { holdS: 2, ...heavy });
      bench.at(8);
      // Comes when it is over: 0.6 of 0.5 cores from 5 s to 7 s.
      bench.assign(id, { holdS: 1 });
      bench.at(20);
      expect(bench.take().slice(1)).toEqual([
        "7 s: stream 2 on 0 completed, degraded",
        "9 s: stream 3 on 0 completed",
        "10 s: stream 1 on 0 completed, degraded",
      ]);
    }
  });

  it("does not begin at exactly the cap, however the fractions add up", () => {
    const bench = new FleetBench({ reservation: { ...caps, cpu: 0.8 } });
    const [id] = bench.launch(1);
    bench.kernel.run(0);
    for (let i = 0; i < 8; i++) bench.assign(id, { holdS: 1 + i, cpu: 0.1, bitsPerSecond: 10e6 / 8 });
    bench.at(20);
    expect(bench.take().filter((line) => line.includes("degraded"))).toEqual([]);
  });

  it.each([
    ["cores", { cpu: 1 }, { cpu: 0.6 }],
    ["network", { bitsPerSecond: 100e6 }, { bitsPerSecond: 60e6 }],
  ])("of a host's %s degrades the streams of all its streamlets, and of no other host's", (_, host, load) => {
    const bench = new FleetBench({}, { hosts: 2, host });
    const ids = [...bench.launch(2)];
    // Best fit puts two on the first host, which has no reservations; the third on the second.
    bench.group!.hosts[0].up = false;
    ids.push(...bench.launch(1));
    bench.group!.hosts[0].up = true;
    bench.kernel.run(0);
    for (const id of ids) bench.assign(id, { holdS: 3, ...load });
    bench.at(5);
    expect(bench.take().slice(3)).toEqual([
      "3 s: stream 1 on 0 completed, degraded",
      "3 s: stream 2 on 1 completed, degraded",
      "3 s: stream 3 on 2 completed",
    ]);
  });
});

describe("memory", () => {
  it("above the cap kills the streamlet, and its streams are interrupted", () => {
    const bench = new FleetBench({ baseMemoryBytes: 10 * MiB, oomAboveBytes: 30 * MiB });
    const [id] = bench.launch(1);
    bench.kernel.run(0);
    for (let i = 0; i < 2; i++) bench.assign(id, { holdS: 9, memoryBytes: 10 * MiB });
    bench.at(1);
    expect(bench.take()).toEqual(["0 s: 0 ready"]);
    bench.assign(id, { holdS: 9, memoryBytes: 1 });
    bench.at(2);
    expect(bench.take().sort()).toEqual([
      "1 s: 0 stopped: out-of-memory",
      "1 s: stream 1 on 0 interrupted",
      "1 s: stream 2 on 0 interrupted",
      "1 s: stream 3 on 0 interrupted",
    ]);
  });

  it("at exactly the cap kills nothing, also after many streams have ended", () => {
    const size = 0.1 * MiB;
    const bench = new FleetBench({ oomAboveBytes: 10 * size });
    const [id] = bench.launch(1);
    bench.kernel.run(0);
    for (let round = 0; round < 500; round++) {
      for (let i = 0; i < 10; i++)
        bench.assign(id, { holdS: 0.1 + i / 100, memoryBytes: i % 2 === 0 ? size * 0.7 : size * 1.3 });
      bench.at(round + 1);
    }
    expect(bench.take().filter((line) => line.includes("stopped"))).toEqual([]);
  });
});

describe("lifetimes", () => {
  it("add up over the ended and the living", () => {
    const bench = new FleetBench({ spawnLaw: exponentialLaw(1000) });
    bench.launch(3);
    bench.at(10);
    bench.fleet.terminate(0, "retired");
    bench.at(15);
    expect(bench.fleet.lifetimesMs(15_000)).toBeCloseTo(10_000 + 2 * 15_000, 6);
  });
});
