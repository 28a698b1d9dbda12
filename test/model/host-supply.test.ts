import { describe, expect, it } from "vitest";
import { constantLaw, distributionOf } from "../../src/base/distribution.js";
import { RandomStream } from "../../src/base/random.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { HostSupply } from "../../src/model/host-supply.js";
import { HostGroup } from "../../src/model/hosts.js";

const SPAWN_MS = 30_000;
const spec = { cpu: 4, memoryBytes: 1e9, bitsPerSecond: 1e9, cpuOvercommit: 1 };

/** Region 0 has fixed hosts; region 1 begins with two elastic ones, which are hosts 0 and 1. */
class SupplyBench {
  readonly kernel = new Kernel();
  readonly lines: string[] = [];
  readonly group = new HostGroup(1, 2, spec, "best-fit");
  readonly supply: HostSupply;

  constructor() {
    const spawn = distributionOf(constantLaw(SPAWN_MS));
    const random = new RandomStream("hosts");
    this.supply = new HostSupply([undefined, this.group], [undefined, spawn], this.kernel, random);
    this.supply.subscribeHosts({
      onHostReady: (id) => this.note(`host ${id} ready`),
      onHostEmptied: (id) => this.note(`host ${id} empty`),
    });
    this.supply.onEachReady(({ index }) => this.note(`index ${index} comes up`));
    this.supply.onEachEnded((fromMs, toMs) => this.note(`lived from ${fromMs} to ${toMs}`));
  }

  at(atMs: number): this {
    this.kernel.run(atMs);
    return this;
  }

  private note(what: string): void {
    this.lines.push(`${this.kernel.nowMs()}: ${what}`);
  }
}

describe("the supply of hosts", () => {
  it("brings an added host up after its spawn time; until then it counts and takes nothing", () => {
    const bench = new SupplyBench().at(1000);
    const id = bench.supply.add(1);
    expect(id).toBe(2);
    expect([bench.supply.count(1), bench.supply.readyHosts(1)]).toEqual([3, [0, 1]]);
    bench.at(1000 + SPAWN_MS - 1);
    expect(bench.lines).toEqual([]);
    bench.at(1000 + SPAWN_MS);
    expect(bench.lines).toEqual(["31000: index 2 comes up", "31000: host 2 ready"]);
    expect(bench.supply.readyHosts(1)).toEqual([0, 1, 2]);
  });

  it("has neither hosts nor a way to add one where they are not elastic", () => {
    const { supply } = new SupplyBench();
    expect([supply.count(0), supply.readyHosts(0)]).toEqual([0, []]);
    expect(() => supply.add(0)).toThrow("region 0 has no elastic hosts");
  });

  it("cancels a host that is not up, for good, and no other", () => {
    const bench = new SupplyBench();
    const id = bench.supply.add(1);
    bench.at(500);
    bench.supply.cancel(id);
    expect(bench.lines).toEqual(["500: lived from 0 to 500"]);
    bench.at(SPAWN_MS);
    expect([bench.lines.length, bench.supply.count(1), bench.kernel.pending]).toEqual([1, 2, 0]);
    expect(() => bench.supply.cancel(id)).toThrow("host 2 is not there");
    expect(() => bench.supply.cancel(0)).toThrow("host 0 is up and cannot be cancelled");
    const later = bench.supply.add(1);
    bench.at(2 * SPAWN_MS);
    expect(() => bench.supply.cancel(later)).toThrow("host 3 is up and cannot be cancelled");
  });

  it("offers no host that is down or cordoned, and a cordoned one again when it is taken back", () => {
    const { supply, group } = new SupplyBench();
    group.hosts[0].up = false;
    supply.cordon(1);
    expect(supply.readyHosts(1)).toEqual([]);
    supply.uncordon(1);
    expect(supply.readyHosts(1)).toEqual([1]);
    expect(supply.count(1)).toBe(2);
  });

  it("reports a cordoned host as empty after the current task, at once or when the last streamlet goes", () => {
    const bench = new SupplyBench();
    const [first, second] = bench.group.hosts;
    second.streamlets.add(7);
    bench.supply.cordon(0);
    bench.supply.cordon(1);
    expect(bench.lines).toEqual([]);
    bench.at(10);
    expect(bench.lines).toEqual(["0: host 0 empty"]);
    second.streamlets.clear();
    bench.supply.onEmptied(second);
    bench.at(20);
    expect(bench.lines.slice(1)).toEqual(["10: host 1 empty"]);
    expect(first.cordoned).toBe(true);
  });

  it("reports no host as empty that was taken back, filled or removed in the meantime", () => {
    const bench = new SupplyBench();
    const [first, second] = bench.group.hosts;
    bench.supply.cordon(0);
    bench.supply.uncordon(0);
    bench.supply.cordon(1);
    second.streamlets.add(7);
    bench.at(10);
    expect(bench.lines).toEqual([]);
    second.streamlets.clear();
    bench.supply.onEmptied(second);
    bench.supply.remove(1);
    bench.supply.onEmptied(second);
    bench.at(20);
    expect(bench.lines).toEqual(["10: lived from 0 to 10"]);
    expect([first.removed, second.removed, bench.supply.readyHosts(1)]).toEqual([false, true, [0]]);
  });

  it("removes empty hosts only", () => {
    const { supply, group } = new SupplyBench();
    group.hosts[0].streamlets.add(1).add(2);
    expect(() => supply.remove(0)).toThrow("host 0 was removed with 2 streamlets");
    expect(() => supply.remove(9)).toThrow("host 9 is not there");
  });

  it("lists the streamlets on a host by the look-up that it was given", () => {
    const { supply, group } = new SupplyBench();
    expect(supply.streamletsOn(0)).toEqual([]);
    supply.attach((host) => (host === group.hosts[1] ? [4, 5] : []));
    expect([supply.streamletsOn(0), supply.streamletsOn(1)]).toEqual([[], [4, 5]]);
  });

  it("works without a listener", () => {
    const bench = new SupplyBench();
    const alone = new HostSupply(
      [bench.group],
      [distributionOf(constantLaw(5))],
      bench.kernel,
      new RandomStream("alone"),
    );
    const id = alone.add(0);
    bench.at(5);
    alone.cordon(id);
    bench.at(6);
    alone.remove(id);
    expect(alone.count(0)).toBe(2);
  });
});
