import { describe, expect, it } from "vitest";
import { constantLaw, distributionOf, exponentialLaw } from "../../src/base/distribution.js";
import { RandomStream } from "../../src/base/random.js";
import { drawFailureMode } from "../../src/model/failure-mode.js";
import { HostSupply } from "../../src/model/host-supply.js";
import { FleetBench, never } from "./fleet-bench.js";

const MiB = 1_048_576;
const oneCore = { cpu: 1, memoryBytes: never, bitsPerSecond: never };
const queue = {
  ...{ startsAtOnce: 1, serialMs: 0, sharing: 0, outsideMs: 0 },
  ...{ perStream: 0, crowding: 0, delayChance: 0, delayMs: 0 },
};

describe("the fleet at its start", () => {
  it("has all earlier launches ready at t=0, for any spawn time and failure probability", () => {
    const bench = new FleetBench(
      { spawnLaw: constantLaw(2500) },
      { initial: 3, spawnFailure: 1, spawnQueue: { ...queue, startsAtOnce: 1 } },
    );
    expect(bench.at(0).take()).toEqual(["0 s: 0 ready", "0 s: 1 ready", "0 s: 2 ready"]);
    bench.launch(1);
    expect(bench.at(3).take()).toEqual(["2.5 s: 3 stopped: spawn-failed"]);
  });

  it("draws nothing but the spawn time for a launch where no spawn fails", () => {
    const law = exponentialLaw(1000);
    const bench = new FleetBench({ spawnLaw: law });
    bench.launch(5);
    bench.at(60);
    const random = new RandomStream("spawn");
    const drawn = Array.from({ length: 5 }, () => distributionOf(law).sample(random));
    expect(bench.readyAtMs).toEqual(drawn.sort((a, b) => a - b));
  });
});

describe("spawns behind a queue", () => {
  it("fail when they would have been ready, and make room for the next", () => {
    const bench = new FleetBench({ spawnLaw: constantLaw(500) }, { spawnFailure: 1, spawnQueue: queue });
    bench.launch(2);
    expect(bench.at(5).take()).toEqual(["0.5 s: 0 stopped: spawn-failed", "1 s: 1 stopped: spawn-failed"]);
  });

  it("leave it when they are cancelled, and not when a ready streamlet ends", () => {
    const bench = new FleetBench({ spawnLaw: constantLaw(500) }, { spawnQueue: queue, initial: 1 });
    bench.at(0).take();
    const [first] = bench.launch(2);
    bench.at(0.2);
    bench.fleet.terminate(first, "spawn-cancelled");
    bench.fleet.terminate(0, "retired");
    expect(bench.at(5).take()).toEqual(["0.7 s: 2 ready"]);
  });
});

describe("spawns on one host", () => {
  it("contend no longer with one that was cancelled or has failed", () => {
    const bench = new FleetBench({ spawnLaw: constantLaw(1000), contention: 0.5 }, { hosts: 1 });
    const [, second] = bench.launch(2);
    bench.fleet.terminate(second, "spawn-cancelled");
    bench.launch(1);
    expect(bench.at(9).readyAtMs).toEqual([1000, 1500]);
    expect(bench.group?.hosts[0].spawning).toBe(0);
    bench.fleet.terminate(0, "retired");
    expect(bench.group?.hosts[0].spawning).toBe(0);
    const failing = new FleetBench({ spawnLaw: constantLaw(1000) }, { hosts: 1, spawnFailure: 1 });
    failing.launch(3);
    expect(failing.group?.hosts[0].spawning).toBe(3);
    failing.at(9);
    expect(failing.group?.hosts[0].spawning).toBe(0);
  });
});

describe("a host that fails", () => {
  it("ends the remaining streamlets on it, even if a report ends others there", () => {
    const bench = new FleetBench({}, { hosts: 1, hostMtbfMs: 3_600_000 });
    bench.launch(3);
    bench.at(0).take();
    const stopped: string[] = [];
    bench.fleet.subscribe({
      onReady: () => undefined,
      onStreamEnded: () => undefined,
      onStopped: (id, reason) => {
        stopped.push(`${id} ${reason}`);
        if (bench.fleet.find(1) !== undefined) bench.fleet.terminate(1, "retired");
      },
      onRoom: () => undefined,
      onHostLeaving: () => undefined,
    });
    while (stopped.length === 0) bench.kernel.step();
    expect(stopped).toEqual(["0 host-failed", "2 host-failed"]);
    expect(bench.group?.hosts[0].streamlets.size).toBe(0);
  });
});

describe("the load of streams", () => {
  it("leaves the host with the streamlet that crashes: later streams are not degraded", () => {
    const bench = new FleetBench({}, { hosts: 1, host: { cpu: 1 } });
    const [first, second] = bench.launch(2);
    bench.at(0).take();
    bench.assign(first, { holdS: 10, cpu: 0.8 });
    bench.assign(second, { holdS: 2, cpu: 0.8 });
    bench.at(1);
    bench.fleet.end(first, "crashed");
    bench.at(1.5);
    bench.assign(second, { holdS: 1, cpu: 0.1 });
    expect(bench.at(5).take()).toEqual([
      "1 s: 0 stopped: crashed",
      "1 s: stream 1 on 0 interrupted, degraded",
      "2 s: stream 2 on 1 completed, degraded",
      "2.5 s: stream 3 on 1 completed",
    ]);
    expect(bench.group?.hosts[0].cpuDemand).toBeCloseTo(0, 12);
  });

  it("is nothing where the scenario has none: no overload, no end for lack of memory", () => {
    const caps = { reservation: { ...oneCore }, oomAboveBytes: MiB };
    const bench = new FleetBench(caps, { loadMatters: false });
    const [id] = bench.launch(1);
    bench.at(0).take();
    bench.assign(id, { holdS: 1, cpu: 9, memoryBytes: 9 * MiB });
    bench.assign(id, { holdS: 9, cpu: 9, memoryBytes: 9 * MiB });
    bench.at(2);
    bench.fleet.end(id, "crashed");
    expect(bench.take()).toEqual([
      "1 s: stream 1 on 0 completed",
      "2 s: 0 stopped: crashed",
      "2 s: stream 2 on 0 interrupted",
    ]);
    expect(bench.kernel.pending).toBe(0);
  });

  it("ends a streamlet once, however many streams came above its memory in one task", () => {
    const bench = new FleetBench({ oomAboveBytes: 10 * MiB });
    const [id] = bench.launch(1);
    bench.at(0).take();
    bench.assign(id, { holdS: 9, memoryBytes: 10 * MiB });
    bench.assign(id, { holdS: 9, memoryBytes: MiB });
    bench.assign(id, { holdS: 9, memoryBytes: MiB });
    const lines = bench.at(1).take();
    expect(lines.filter((line) => line.includes("stopped"))).toEqual(["0 s: 0 stopped: out-of-memory"]);
    expect(lines).toHaveLength(4);
    // Neither the streams that were lost nor a second look at the memory are still to come.
    expect(bench.kernel.pending).toBe(0);
  });
});

describe("elastic hosts", () => {
  /** Two hosts of one core each, one streamlet on each, and the supply's reports. */
  function elastic(hostMtbfMs = never) {
    const lines: string[] = [];
    const bench: FleetBench = new FleetBench(
      { reservation: oneCore },
      {
        hosts: 2,
        host: { cpu: 1 },
        hostMtbfMs,
        supply: (group, kernel) => {
          const supply = new HostSupply(
            [group],
            [distributionOf(constantLaw(1000))],
            kernel,
            new RandomStream("supply"),
          );
          supply.subscribeHosts({
            onHostReady: (id) => lines.push(`host ${id} ready`),
            onHostEmptied: (id) => lines.push(`host ${id} empty`),
          });
          return supply;
        },
      },
    );
    return { bench, lines, supply: bench.supply as HostSupply };
  }

  it("are reported as empty when their last streamlet ends, if they are cordoned", () => {
    const { bench, lines, supply } = elastic();
    const ids = bench.launch(2);
    bench.at(0);
    supply.cordon(0);
    bench.fleet.terminate(ids[1], "retired");
    bench.at(1);
    expect(lines).toEqual([]);
    bench.fleet.terminate(ids[0], "retired");
    bench.at(2);
    expect(lines).toEqual(["host 0 empty"]);
  });

  it("fail, too, if they came later", () => {
    const { bench, supply } = elastic(3_600_000);
    const id = supply.add(0);
    bench.at(2);
    const host = bench.group?.hosts.at(-1);
    expect(supply.readyHosts(0)).toContain(id);
    while (host?.up === true && bench.kernel.step());
    expect(host?.up).toBe(false);
    // Mean 1 h: within a day with all but 10⁻¹⁰.
    expect(bench.kernel.nowMs()).toBeLessThan(24 * 3_600_000);
  });
});

describe("the failure of a streamlet", () => {
  it("is drawn for each kind that there is, and no number is drawn for others", () => {
    const draws = (spec: Parameters<typeof drawFailureMode>[0]): [string, number, number] => {
      const random = new RandomStream("modes");
      const { kind, afterMs } = drawFailureMode(spec, random);
      return [kind, afterMs, random.uniform()];
    };
    const nextAfter = (count: number): number => {
      const random = new RandomStream("modes");
      for (let i = 0; i < count; i++) random.exponential();
      return random.uniform();
    };
    const first = new RandomStream("modes").exponential();
    expect(draws({ streamletMtbfMs: never })).toEqual(["crash", never, nextAfter(0)]);
    expect(draws({ streamletMtbfMs: never, hangMtbfMs: never, memoryHogMtbfMs: 50 })).toEqual([
      "memory-hog",
      50 * first,
      nextAfter(1),
    ]);
    expect(draws({ streamletMtbfMs: never, hangMtbfMs: 20 })).toEqual(["hang", 20 * first, nextAfter(1)]);
    expect(draws({ streamletMtbfMs: 1, hangMtbfMs: 1e9, memoryHogMtbfMs: 1e9 })).toEqual([
      "crash",
      first,
      nextAfter(3),
    ]);
  });
});
