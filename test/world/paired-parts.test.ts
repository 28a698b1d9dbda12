import { describe, expect, it } from "vitest";
import { metricNames } from "../../src/world/metric-table.js";
import { PairedParts } from "../../src/world/paired-parts.js";
import type { RunResult } from "../../src/world/run-result.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { scenarioOf } from "./written-scenario.js";

const document = {
  name: "paired",
  duration: "40min",
  warmup: "10min",
  traffic: { source: "poisson", rate: "0.3/s" },
  streams: { holding: { kind: "exponential", mean: "30s" }, patience: "2min" },
  reconnect: {},
  fleet: { streamlet: { slots: 1, spawn: "5s" }, max: 12 },
  faults: { streamletMtbf: "10min" },
  policies: [
    { kind: "static", count: 10 },
    { kind: "hpa", min: 4 },
  ],
  slo: { startLatencyP99: "5s" },
  cost: { streamletHour: 1 },
};

function runsOf(policy: number): RunResult[] {
  const scenario = scenarioOf(document);
  return [0, 1, 2, 3].map((replication) => simulate(scenario, scenario.policies[policy], replication, noUserModules));
}

describe("the replications' parts in a difference", () => {
  const [a, b] = [runsOf(0), runsOf(1)];
  const swap = (runs: readonly RunResult[], others: readonly RunResult[], at: number) =>
    runs.map((run, r) => (r === at ? others[r] : run));

  it("turn the sign of one replication where its two runs are exchanged, and change nothing else", () => {
    const before = new PairedParts(a, b);
    const after = new PairedParts(swap(a, b, 2), swap(b, a, 2));
    let tried = 0;
    for (const name of metricNames) {
      const [one, other] = [before.differences(name), after.differences(name)];
      expect(one === undefined, name).toBe(other === undefined);
      if (one === undefined || other === undefined) continue;
      const scale = Math.max(1, ...one.map(Math.abs));
      one.forEach((value, r) => {
        expect(Math.abs(other[r] - (r === 2 ? -value : value)) / scale, `${name} ${r}`).toBeLessThan(1e-9);
      });
      if (one.some((value) => value !== 0)) tried++;
    }
    expect(tried).toBeGreaterThan(20);
  });

  it("are the plain differences of a sum", () => {
    const cost = new PairedParts(a, b).differences("cost");
    expect([...(cost ?? [])]).toEqual(b.map((run, r) => (run.sums.cost ?? 0) - (a[r].sums.cost ?? 0)));
  });

  it("have the sign of the difference of a percentile", () => {
    const slow = a.map((run) => ({
      ...run,
      startLatency: { ...run.startLatency, upperMs: run.startLatency.upperMs.map((ms) => ms * 2) },
    }));
    const parts = new PairedParts(a, slow).differences("startLatencyMsP95");
    expect([...(parts ?? [])].every((value) => value > 0)).toBe(true);
  });

  it("are absent where the runs lack the metric, and refuse another number of replications", () => {
    const { cost: _, ...free } = document;
    const scenario = scenarioOf({ ...free });
    const runs = [0, 1].map((r) => simulate(scenario, scenario.policies[0], r, noUserModules));
    expect(new PairedParts(runs, runs).differences("cost")).toBeUndefined();
    expect(() => new PairedParts(runs, a)).toThrow("2 and 4 replications");
  });
});
