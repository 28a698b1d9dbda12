import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/base/random.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { HostReclaim } from "../../src/model/host-reclaim.js";
import { HostGroup } from "../../src/model/hosts.js";
import { FleetBench } from "./fleet-bench.js";

/**
 * Hosts of one region, of which `share` are reclaimed after 10 s with 20 s of notice; returns
 * their events.
 */
function reclaimed(count: number, share: number, seed: number) {
  const kernel = new Kernel();
  const spec = { cpu: 1, memoryBytes: 1, bitsPerSecond: 1, cpuOvercommit: 1 };
  const group = new HostGroup(0, count, spec, "best-fit");
  const events: [string, number, number][] = [];
  const note = (what: string) => (host: { readonly index: number }) => {
    events.push([what, host.index, kernel.nowMs()]);
  };
  const on = { leaving: note("leaving"), gone: note("gone") };
  new HostReclaim({ share, atMs: 10_000, noticeMs: 20_000 }, kernel, new RandomStream(`reclaim ${seed}`), on).watch([
    undefined,
    group,
  ]);
  return { kernel, group, events };
}

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
    // The others are full, and the cordoned ones take no streamlet, so there is no room.
    expect(bench.launch(1)).toEqual([]);
    expect(bench.at(129).take()).toEqual([]);
    const ended = bench.at(130).take();
    expect(ended).toHaveLength(4);
    expect(ended.every((line) => line.endsWith("stopped: host-failed"))).toBe(true);
    expect(ids).toHaveLength(8);
  });

  it("are cordoned at the notice, then down and removed for good; regions without hosts have none", () => {
    const { kernel, group, events } = reclaimed(5, 0.5, 1);
    kernel.run(29_999);
    expect(events.map(([what, , atMs]) => [what, atMs])).toEqual(Array(3).fill(["leaving", 10_000]));
    expect(group.hosts.filter(({ cordoned, up }) => cordoned && up)).toHaveLength(3);
    kernel.run(30_000);
    expect(events.slice(3)).toEqual(events.slice(0, 3).map(([, index]) => ["gone", index, 30_000]));
    expect(group.hosts.filter(({ up, removed }) => !up && removed)).toHaveLength(3);
    expect(group.hosts.filter(({ up, removed, cordoned }) => up && !removed && !cordoned)).toHaveLength(2);
  });

  it("are drawn at random, none twice", () => {
    const times = new Map<number, number>();
    for (let seed = 0; seed < 600; seed++) {
      const { kernel, events } = reclaimed(3, 2 / 3, seed);
      kernel.run(10_000);
      const drawn = events.map(([, index]) => index);
      expect(new Set(drawn).size).toBe(2);
      for (const index of drawn) times.set(index, (times.get(index) ?? 0) + 1);
    }
    // Two of three in 600 draws: 400 each, with a standard deviation of 11.5.
    for (const index of [0, 1, 2]) expect(Math.abs((times.get(index) ?? 0) - 400)).toBeLessThan(4 * 11.5);
  });
});
