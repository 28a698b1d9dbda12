import { describe, expect, it } from "vitest";
import { constantLaw, distributionOf } from "../../src/base/distribution.js";
import { RandomStream } from "../../src/base/random.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { HostFailures } from "../../src/model/host-failures.js";
import { Host } from "../../src/model/hosts.js";

const HOUR = 3_600_000;
const REPAIR_MS = 60_000;

function failing(hostMtbfMs: number) {
  const kernel = new Kernel();
  const host = new Host(0, 0, { cpu: 1, memoryBytes: 1, bitsPerSecond: 1, cpuOvercommit: 1 });
  const events: { readonly what: "failed" | "repaired"; readonly up: boolean; readonly atMs: number }[] = [];
  const note = (what: "failed" | "repaired"): void => {
    events.push({ what, up: host.up, atMs: kernel.nowMs() });
  };
  const spec = { hostMtbfMs, hostRepair: distributionOf(constantLaw(REPAIR_MS)) };
  const listener = { onFailed: () => note("failed"), onRepaired: () => note("repaired") };
  new HostFailures(spec, kernel, new RandomStream("hosts"), listener).watch(host);
  return { kernel, host, events };
}

describe("the failures of hosts", () => {
  it("take a host down, and up again after its repair, over and over at the rate of the MTBF", () => {
    const { kernel, events } = failing(HOUR);
    kernel.run(2000 * HOUR);
    expect(events[0]).toMatchObject({ what: "failed", up: false });
    for (let i = 0; i + 1 < events.length; i += 2)
      expect(events[i + 1]).toEqual({ what: "repaired", up: true, atMs: events[i].atMs + REPAIR_MS });
    const failures = Math.ceil(events.length / 2);
    // Renewals of mean 61 min: n = 2000·60/61 ± 4·√n.
    const expected = (2000 * 60) / 61;
    expect(Math.abs(failures - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  it("never come with an infinite MTBF", () => {
    const { kernel, events } = failing(Number.POSITIVE_INFINITY);
    expect(kernel.pending).toBe(0);
    kernel.run(HOUR);
    expect(events).toEqual([]);
  });

  it("have no effect on a host that was removed, before its failure or under repair", () => {
    const before = failing(HOUR);
    before.host.removed = true;
    before.kernel.run(1000 * HOUR);
    expect([before.events, before.host.up, before.kernel.pending]).toEqual([[], true, 0]);
    const during = failing(HOUR);
    while (during.events.length === 0) during.kernel.step();
    during.host.removed = true;
    during.kernel.run(1000 * HOUR);
    expect(during.events.map(({ what }) => what)).toEqual(["failed"]);
    expect([during.host.up, during.kernel.pending]).toEqual([false, 0]);
  });
});
