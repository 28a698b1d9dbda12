import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/base/random.js";
import type { Host, HostSpec } from "../../src/model/hosts.js";
import { HostGroup, reserve } from "../../src/model/hosts.js";
import { type LoadedStreamlet, updateLoad, wasOverloaded } from "../../src/model/load.js";
import { canExceedLimits, type MostDemand } from "../../src/model/load-bound.js";
import type { SimRequest } from "../../src/model/request.js";

const never = Number.POSITIVE_INFINITY;
const demand: MostDemand = { cpu: 0.1, memoryBytes: 10, bitsPerSecond: 100 };
const full = { cpu: 0.4, memoryBytes: 100, bitsPerSecond: 400 };
const pool = { slots: 4, reservation: full, baseMemoryBytes: 60, oomAboveBytes: 100 };
const host: HostSpec = { cpu: 4, memoryBytes: 1000, bitsPerSecond: 4000, cpuOvercommit: 1 };

describe("streams cannot exceed a limit", () => {
  it.each([
    ["without hosts", demand, pool, undefined],
    ["that full streamlets just reach", demand, pool, host],
    ["where there is none", { ...demand, cpu: never, bitsPerSecond: never }, open(never), undefined],
    [
      "of a host without capacities",
      { ...demand, cpu: never },
      open(100),
      { ...host, cpu: never, bitsPerSecond: never },
    ],
    ["of a host where they have no demand", { cpu: 0, memoryBytes: 10, bitsPerSecond: 0 }, open(100), host],
    [
      "of a host overcommitted twice, at half their caps",
      { ...demand, cpu: 0.05 },
      pool,
      { ...host, cpuOvercommit: 2 },
    ],
  ])("%s", (_, most, caps, on) => {
    expect(canExceedLimits(most, caps, on)).toBe(false);
  });
});

describe("streams can exceed", () => {
  it.each([
    ["the CPU of their streamlet", { ...demand, cpu: 0.11 }, pool, undefined],
    ["its bandwidth", { ...demand, bitsPerSecond: 101 }, pool, undefined],
    ["its memory", { ...demand, memoryBytes: 10.1 }, pool, undefined],
    ["its CPU, if a demand has no bound", { ...demand, cpu: never }, pool, undefined],
    ["the CPU of a host, without a cap", demand, { ...pool, reservation: { ...full, cpu: never } }, host],
    ["the network of a host, without a cap", demand, { ...pool, reservation: { ...full, bitsPerSecond: never } }, host],
    [
      "a host overcommitted twice, above half their caps",
      { ...demand, cpu: 0.051 },
      pool,
      { ...host, cpuOvercommit: 2 },
    ],
  ])("%s", (_, most, caps, on) => {
    expect(canExceedLimits(most, caps, on)).toBe(true);
  });
});

describe("full hosts of full streamlets", () => {
  it("are overloaded only where that was said to be possible, in 2,000 random fleets", () => {
    const random = new RandomStream("load-bound");
    const seen = { quiet: 0, streamlet: 0, host: 0 };
    for (let i = 0; i < 2000; i++) {
      const fleet = randomFleet(random);
      const possible = canExceedLimits(fleet.demand, fleet.pool, fleet.host);
      const overloaded = overloads(fleet);
      if (overloaded.streamlet || overloaded.host) expect(possible).toBe(true);
      else seen.quiet++;
      if (overloaded.streamlet) seen.streamlet++;
      else if (overloaded.host) seen.host++;
      // With no host in the way, both agree.
      if (!overloaded.streamlet) expect(canExceedLimits(fleet.demand, fleet.pool, undefined)).toBe(false);
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100);
  });
});

/** A pool without caps on CPU and bandwidth. */
function open(oomAboveBytes: number): typeof pool {
  return { ...pool, reservation: { cpu: never, memoryBytes: never, bitsPerSecond: never }, oomAboveBytes };
}

type RandomFleet = { readonly demand: MostDemand; readonly pool: typeof pool; readonly host: HostSpec };

function randomFleet(random: RandomStream): RandomFleet {
  const slots = 1 + random.integerBelow(8);
  const around = (value: number): number => value * (0.5 + random.uniform());
  const cap = (value: number): number => (random.uniform() < 0.1 ? never : around(value));
  const reservation = { cpu: cap(slots * 0.15), memoryBytes: never, bitsPerSecond: cap(slots * 150) };
  return {
    demand: { cpu: around(0.1), memoryBytes: 0, bitsPerSecond: around(100) },
    pool: { slots, reservation, baseMemoryBytes: 0, oomAboveBytes: never },
    host: { cpu: around(8), memoryBytes: never, bitsPerSecond: around(8000), cpuOvercommit: around(1.2) },
  };
}

/** Fills one host with full streamlets (at most 200), with the sums that a run keeps. */
function overloads(fleet: RandomFleet): { streamlet: boolean; host: boolean } {
  const { reservation, slots } = fleet.pool;
  const group = new HostGroup(0, 1, fleet.host, "best-fit");
  const request = fleet.demand as SimRequest;
  let streamlet = false;
  for (let placed = 0; placed < 200; placed++) {
    const on = group.place(reservation);
    if (on === undefined) break;
    reserve(on, reservation);
    const one = emptyOn(on, reservation);
    for (let slot = 0; slot < slots; slot++) updateLoad(one, request, 1, { nowMs: () => 1 });
    streamlet ||= wasOverloaded(one, 0);
  }
  return { streamlet, host: wasOverloaded(group.hosts[0], 0) };
}

function emptyOn(on: Host, reservation: typeof full): LoadedStreamlet {
  const load = { cpuDemand: 0, memoryBytes: 0, bitsDemand: 0, overloadedUntilMs: Number.NEGATIVE_INFINITY };
  return { ...load, spec: { reservation }, host: on };
}
