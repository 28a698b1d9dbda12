import { describe, expect, it } from "vitest";
import type { RunResult } from "../../src/world/run-result.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { scenarioOf } from "../world/written-scenario.js";

/**
 * Three requests a second that hold half an hour, so that 5,400 slots are needed, and fleets of 4
 * to 400 slots without patience.
 */
function run(count: number, slo: object = { startLatencyP99: "10s" }): RunResult {
  const scenario = scenarioOf({
    name: "mono",
    seed: 5,
    duration: "1h",
    replications: 1,
    traffic: { source: "poisson", rate: "3/s" },
    streams: { holding: { kind: "exponential", mean: "30min" } },
    fleet: { streamlet: { slots: 4, spawn: "0s" }, max: 1000 },
    policies: [{ kind: "static", count }],
    slo,
  });
  return simulate(scenario, scenario.policies[0], 0, noUserModules);
}

describe("requests that still wait when the run ends", () => {
  it("violate the minutes in which they came: a smaller fleet has no fewer violating minutes", () => {
    const runs = [1, 5, 25, 60, 100].map((count) => run(count));
    const minutes = runs.map(({ metrics }) => metrics.sloViolationMinutes);
    for (let i = 1; i < minutes.length; i++) expect(minutes[i]).toBeLessThanOrEqual(minutes[i - 1]);
    // The first 400 slots fill within about two minutes of an hour.
    expect(Math.min(...minutes)).toBeGreaterThanOrEqual(57);
    for (const { metrics, counts } of runs) {
      expect(metrics.unservedRatio).toBeCloseTo(counts.waiting / metrics.arrivals, 12);
      expect(metrics.unservedRatio).toBeGreaterThan(0.85);
    }
  });

  it("break an SLO of the median where 99 % never start; the median is at least the longest wait", () => {
    const { slo, metrics, stillWaiting } = run(1, { startLatencyP50: "1s" });
    expect(slo?.met).toBe(false);
    expect(slo?.misses[0].share).toBeGreaterThan(0.98);
    expect(metrics.startLatencyMsP50).toBe(stillWaiting.mostMs);
  });
});
