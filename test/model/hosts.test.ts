import { describe, expect, it } from "vitest";
import {
  HostGroup,
  type HostSpec,
  type Reservation,
  release,
  reserve,
  shareOf,
  sharesOf,
} from "../../src/model/hosts.js";

const never = Number.POSITIVE_INFINITY;
const spec: HostSpec = { cpu: 8, memoryBytes: 1000, bitsPerSecond: 500, cpuOvercommit: 1 };
const nothing: Reservation = { cpu: 0, memoryBytes: 0, bitsPerSecond: 0 };

const group = (count: number, placement: "best-fit" | "spread" = "best-fit", more: Partial<HostSpec> = {}) =>
  new HostGroup(3, count, { ...spec, ...more }, placement);

/** Places one streamlet and reserves its caps; gives the index of its host. */
function placed(hosts: HostGroup, need: Partial<Reservation>): number | undefined {
  const whole = { ...nothing, ...need };
  const host = hosts.place(whole);
  if (host !== undefined) reserve(host, whole);
  return host?.index;
}

describe("the hosts of a region", () => {
  it("have the region's number, are up, and are numbered from 0", () => {
    expect(group(2).hosts.map(({ index, region, up }) => [index, region, up])).toEqual([
      [0, 3, true],
      [1, 3, true],
    ]);
  });

  it("take a streamlet on an added one only when that is up, and none on a cordoned or removed one", () => {
    const hosts = group(1);
    const [first] = hosts.hosts;
    const added = hosts.add(7);
    first.cordoned = true;
    expect(placed(hosts, { cpu: 1 })).toBeUndefined();
    added.up = true;
    expect(placed(hosts, { cpu: 1 })).toBe(7);
    hosts.remove(added);
    expect(hosts.hosts).toEqual([first]);
    expect(placed(hosts, { cpu: 1 })).toBeUndefined();
  });

  it("fill one host after the other by best fit, the first of equals, and all alike by spread", () => {
    const order = (placement: "best-fit" | "spread") => {
      const hosts = group(3, placement);
      return Array.from({ length: 6 }, () => placed(hosts, { cpu: 4 }));
    };
    expect(order("best-fit")).toEqual([0, 0, 1, 1, 2, 2]);
    expect(order("spread")).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it.each([
    ["cpu", { cpu: 8 }, { cpu: 1 }],
    ["memory", { memoryBytes: 1000 }, { memoryBytes: 1 }],
    ["network", { bitsPerSecond: 500 }, { bitsPerSecond: 1 }],
  ])("have room up to their %s and not beyond", (_, whole, more) => {
    const hosts = group(1);
    expect(placed(hosts, whole)).toBe(0);
    expect(placed(hosts, more)).toBeUndefined();
    expect(placed(hosts, {})).toBe(0);
    // A streamlet without a cap reserves nothing, so that it fits on a full host.
    expect(placed(hosts, { cpu: never, memoryBytes: never, bitsPerSecond: never })).toBe(0);
    release(hosts.hosts[0], { ...nothing, ...whole });
    expect(placed(hosts, whole)).toBe(0);
  });

  it("take 80 streamlets of 0.1 cores on 8 cores, and no 81st", () => {
    const hosts = group(1);
    for (let i = 0; i < 80; i++) expect(placed(hosts, { cpu: 0.1 })).toBe(0);
    expect(placed(hosts, { cpu: 0.1 })).toBeUndefined();
  });

  it("sell their cores as often as they are overcommitted", () => {
    const hosts = group(1, "best-fit", { cpuOvercommit: 1.5 });
    expect([6, 6, 0.1].map((cpu) => placed(hosts, { cpu }))).toEqual([0, 0, undefined]);
  });

  it("reserve nothing for what has no cap, and give back what was reserved", () => {
    const [host] = group(1).hosts;
    const free = () => [host.cpuFree, host.memoryFreeBytes, host.bitsFree];
    reserve(host, { cpu: 2, memoryBytes: 300, bitsPerSecond: 50 });
    expect(free()).toEqual([6, 700, 450]);
    reserve(host, { cpu: never, memoryBytes: never, bitsPerSecond: never });
    release(host, { cpu: never, memoryBytes: never, bitsPerSecond: never });
    expect(free()).toEqual([6, 700, 450]);
    release(host, { cpu: 2, memoryBytes: 300, bitsPerSecond: 50 });
    expect(free()).toEqual([8, 1000, 500]);
  });

  it.each([
    ["cpu", { cpu: 6 }],
    ["memory", { memoryBytes: 750 }],
    ["network", { bitsPerSecond: 375 }],
  ])("are as full as their scarcest resource, here %s", (_, most) => {
    const hosts = group(2);
    const [first, second] = hosts.hosts;
    reserve(first, { cpu: 4, memoryBytes: 500, bitsPerSecond: 250 });
    reserve(second, { ...nothing, ...most });
    // Three quarters of one resource count for more than a half of all three.
    expect(hosts.place(nothing)?.index).toBe(1);
  });

  it("count their overcommitted cores as room", () => {
    const hosts = group(2, "best-fit", { cpuOvercommit: 2 });
    const [first, second] = hosts.hosts;
    reserve(first, { ...nothing, cpu: 12 });
    reserve(second, { ...nothing, memoryBytes: 600 });
    // A quarter of 16 cores is left of the first, four tenths of the memory of the second.
    expect(hosts.place(nothing)?.index).toBe(0);
  });

  it("are full by the resources that have an end", () => {
    for (const endless of [
      { cpu: never, memoryBytes: never },
      { memoryBytes: never, bitsPerSecond: never },
      { cpu: never, bitsPerSecond: never },
    ]) {
      const hosts = group(2, "best-fit", endless);
      const [first, second] = hosts.hosts;
      reserve(first, { cpu: 1, memoryBytes: 100, bitsPerSecond: 50 });
      reserve(second, { cpu: 2, memoryBytes: 200, bitsPerSecond: 100 });
      expect(hosts.place(nothing)?.index).toBe(1);
    }
  });
});

describe("the share of a host that a streamlet takes", () => {
  it("is that of its scarcest resource, overcommitted cores included", () => {
    const need = { cpu: 2, memoryBytes: 300, bitsPerSecond: 50 };
    expect(sharesOf(spec, need)).toEqual([0.25, 0.3, 0.1]);
    expect(sharesOf({ ...spec, cpuOvercommit: 2 }, need)[0]).toBe(0.125);
    expect(shareOf(spec, need)).toBe(0.3);
  });

  it("is nothing without limits", () => {
    expect(shareOf(spec, { cpu: never, memoryBytes: never, bitsPerSecond: never })).toBe(0);
  });
});
