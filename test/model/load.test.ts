import { describe, expect, it } from "vitest";
import type { Host } from "../../src/model/hosts.js";
import { type Load, updateLoad, wasOverloaded } from "../../src/model/load.js";
import type { SimRequest } from "../../src/model/request.js";

const caps = { cpu: 1, memoryBytes: 1000, bitsPerSecond: 1e9 };

function idle(): Load {
  return {
    cpuDemand: 0,
    memoryBytes: 0,
    bitsDemand: 0,
    overloadedSinceMs: Number.NaN,
    lastOverloadEndMs: Number.NEGATIVE_INFINITY,
  };
}

function stream(cpu: number, bitsPerSecond = 0, memoryBytes = 0): SimRequest {
  return { cpu, bitsPerSecond, memoryBytes } as SimRequest;
}

const hostWith = (cpu: number, bitsPerSecond: number) =>
  ({ ...idle(), spec: { ...caps, cpu, bitsPerSecond } }) as unknown as Host;

describe("the load of a streamlet", () => {
  it("changes what it takes of its host by its streams' demand, up to its caps, and back", () => {
    const load = idle();
    const changes = [1, 1, 1, -1, -1, -1].map((sign, i) =>
      updateLoad(load, caps, stream(0.5, 4e8, 100), sign, i * 1000),
    );
    expect(changes.map(({ cpu }) => cpu)).toEqual([0.5, 0.5, 0, 0, -0.5, -0.5]);
    expect(changes.map(({ bitsPerSecond }) => bitsPerSecond)).toEqual([4e8, 4e8, 2e8, -2e8, -4e8, -4e8]);
    expect([load.cpuDemand, load.memoryBytes, load.bitsDemand]).toEqual([0, 0, 0]);
  });

  it.each([
    ["CPU", stream(0.5), stream(0.5 + 1e-10), stream(1e-6)],
    ["bandwidth", stream(0, 5e8), stream(0, 5e8 + 0.1), stream(0, 1000)],
  ])("is an overload from the first demand above its %s cap, and not at the cap", (_, half, rest, little) => {
    const load = idle();
    updateLoad(load, caps, half, 1, 1000);
    updateLoad(load, caps, rest, 1, 2000);
    expect(wasOverloaded(load, 0)).toBe(false);
    updateLoad(load, caps, little, 1, 3000);
    updateLoad(load, caps, half, 1, 4000);
    expect(load.overloadedSinceMs).toBe(3000);
    expect(wasOverloaded(load, 9000)).toBe(true);
    updateLoad(load, caps, half, -1, 5000);
    updateLoad(load, caps, little, -1, 6000);
    expect(load.overloadedSinceMs).toBeNaN();
    // What began when it ended has not met it.
    expect([5999, 6000, 6001].map((fromMs) => wasOverloaded(load, fromMs))).toEqual([true, false, false]);
  });
});

describe("the load of a host", () => {
  it.each([
    ["CPU", { cpu: 2, bitsPerSecond: 0 }, { cpu: 1e-10, bitsPerSecond: 0 }, { cpu: 1e-6, bitsPerSecond: 0 }],
    ["bandwidth", { cpu: 0, bitsPerSecond: 1e9 }, { cpu: 0, bitsPerSecond: 0.1 }, { cpu: 0, bitsPerSecond: 1000 }],
  ])("is an overload above its %s, but not for what sums of fractions drift by", (_, all, drift, more) => {
    const host = hostWith(2, 1e9);
    updateHostLoad(host, all, 1000);
    updateHostLoad(host, drift, 2000);
    expect(wasOverloaded(host, 0)).toBe(false);
    updateHostLoad(host, more, 3000);
    expect(host.overloadedSinceMs).toBe(3000);
    updateHostLoad(host, { cpu: -more.cpu, bitsPerSecond: -more.bitsPerSecond }, 4000);
    expect([host.overloadedSinceMs, host.lastOverloadEndMs]).toEqual([Number.NaN, 4000]);
  });
});
