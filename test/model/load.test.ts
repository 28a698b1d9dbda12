import { describe, expect, it } from "vitest";
import type { Host } from "../../src/model/hosts.js";
import { type LoadedStreamlet, updateLoad, wasOverloaded } from "../../src/model/load.js";
import type { SimRequest } from "../../src/model/request.js";

const caps = { cpu: 1, memoryBytes: 1000, bitsPerSecond: 1e9 };

const idle = {
  cpuDemand: 0,
  memoryBytes: 0,
  bitsDemand: 0,
  overloadedUntilMs: Number.NEGATIVE_INFINITY,
};

function stream(cpu: number, bitsPerSecond = 0, memoryBytes = 0): SimRequest {
  return { cpu, bitsPerSecond, memoryBytes } as SimRequest;
}

function hostWith(cpu: number, bitsPerSecond: number): Host {
  return { ...idle, spec: { ...caps, cpu, bitsPerSecond } } as unknown as Host;
}

function streamletOn(host: Host | undefined): LoadedStreamlet {
  return { ...idle, spec: { reservation: caps }, host };
}

const at = (ms: number) => ({ nowMs: () => ms });

describe("the load of a streamlet", () => {
  it("changes what it takes of its host by its streams' demand, up to its caps, and back", () => {
    const host = hostWith(10, 1e10);
    const load = streamletOn(host);
    const taken = [1, 1, 1, -1, -1, -1].map((sign, i) => {
      updateLoad(load, stream(0.5, 4e8, 100), sign, at(i * 1000));
      return [host.cpuDemand, host.bitsDemand];
    });
    expect(taken.map(([cpu]) => cpu)).toEqual([0.5, 1, 1, 1, 0.5, 0]);
    expect(taken.map(([, bitsPerSecond]) => bitsPerSecond)).toEqual([4e8, 8e8, 1e9, 8e8, 4e8, 0]);
    expect([load.cpuDemand, load.memoryBytes, load.bitsDemand]).toEqual([0, 0, 0]);
  });

  it.each([
    ["CPU", stream(0.5), stream(0.5 + 1e-10), stream(1e-6)],
    ["bandwidth", stream(0, 5e8), stream(0, 5e8 + 0.1), stream(0, 1000)],
  ])("is an overload from the first demand above its %s cap, and not at the cap", (_, half, rest, little) => {
    const load = streamletOn(undefined);
    updateLoad(load, half, 1, at(1000));
    updateLoad(load, rest, 1, at(2000));
    expect(wasOverloaded(load, 0)).toBe(false);
    updateLoad(load, little, 1, at(3000));
    updateLoad(load, half, 1, at(4000));
    expect(load.overloadedUntilMs).toBe(Number.POSITIVE_INFINITY);
    expect(wasOverloaded(load, 9000)).toBe(true);
    updateLoad(load, half, -1, at(5000));
    updateLoad(load, little, -1, at(6000));
    expect(load.overloadedUntilMs).toBe(6000);
    // What began when it ended has not met it.
    expect([5999, 6000, 6001].map((fromMs) => wasOverloaded(load, fromMs))).toEqual([true, false, false]);
  });
});

describe("the load of a host", () => {
  it.each([
    ["CPU", stream(1), stream(1e-10), stream(1e-6)],
    ["bandwidth", stream(0, 5e8), stream(0, 0.1), stream(0, 1000)],
  ])("is an overload above its %s, but not for what sums of fractions drift by", (_, all, drift, more) => {
    const host = hostWith(2, 1e9);
    const [first, second, third] = [1, 2, 3].map(() => streamletOn(host));
    updateLoad(first, all, 1, at(1000));
    updateLoad(second, all, 1, at(1000));
    updateLoad(third, drift, 1, at(2000));
    expect(wasOverloaded(host, 0)).toBe(false);
    updateLoad(third, more, 1, at(3000));
    expect(host.overloadedUntilMs).toBe(Number.POSITIVE_INFINITY);
    updateLoad(third, more, -1, at(4000));
    expect(host.overloadedUntilMs).toBe(4000);
    expect([first, second, third].map((each) => wasOverloaded(each, 0))).toEqual([false, false, false]);
  });
});
