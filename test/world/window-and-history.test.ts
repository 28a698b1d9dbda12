import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/base/hash.js";
import type { FleetObservation } from "../../src/ports/policy.js";
import type { RunResult } from "../../src/world/run-result.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { busyDocument, scenarioOf } from "./written-scenario.js";

function run(scenario: Scenario, policy = 0): RunResult {
  return simulate(scenario, scenario.policies[policy], 0, noUserModules);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

describe("the warm-up", () => {
  const warm = run(scenarioOf(busyDocument));
  const whole = run(scenarioOf({ ...busyDocument, warmup: "0s" }));

  it("changes nothing in the run, only what is measured", () => {
    expect(warm.counts).toEqual(whole.counts);
    expect(canonicalJson({ ...warm.timeline, violationMinutes: 0 })).toBe(
      canonicalJson({ ...whole.timeline, violationMinutes: 0 }),
    );
  });

  it("leaves out of the metrics exactly the first attempts that came before its end", () => {
    const { arrivals, binMs } = whole.timeline;
    const skipped = 600_000 / binMs;
    expect(sum(arrivals.slice(0, skipped))).toBeGreaterThan(500);
    expect(whole.metrics.arrivals).toBe(sum(arrivals));
    expect(warm.metrics.arrivals).toBe(sum(arrivals.slice(skipped)));
  });

  it("leaves its time and its violations out of integrals and of SLO minutes", () => {
    const { open, violationMinutes, binMs } = whole.timeline;
    const skipped = 600_000 / binMs;
    const mean = (values: Float64Array): number => sum(values) / values.length;
    expect(warm.metrics.openStreamsMean).toBeCloseTo(mean(open.slice(skipped)), 6);
    expect(whole.metrics.openStreamsMean).toBeCloseTo(mean(open), 6);
    const minutes = new Set<number>();
    warm.timeline.violationMinutes!.forEach((value, bin) => {
      if (value === 1) minutes.add(Math.floor((bin * binMs) / 60_000));
    });
    expect([...minutes].every((minute) => minute >= 10)).toBe(true);
    expect(warm.metrics.sloViolationMinutes).toBe(minutes.size);
    expect(violationMinutes!.slice(0, skipped).some((value) => value === 1)).toBe(true);
  });
});

describe("the history", () => {
  const withHistory = (history: string): Scenario =>
    scenarioOf({ ...busyDocument, traffic: { ...busyDocument.traffic, history } });

  it("never shows in the metrics: a static fleet has the same bytes with two days of it and with none", () => {
    expect(canonicalJson(run(withHistory("2d"), 3))).toBe(canonicalJson(run(withHistory("0s"), 3)));
  });

  it("is what a policy may learn from: as long as asked for, at the traffic's own level, ending at t=0", () => {
    const seen: FleetObservation[] = [];
    const scenario = scenarioOf({
      ...busyDocument,
      policies: [{ kind: "./spy.js", min: 2 }],
    });
    const spy = {
      decide(observation: FleetObservation): [] {
        if (observation.trigger === "start") seen.push(observation);
        return [];
      },
    };
    const modules = { policies: new Map([["./spy.js", () => spy]]), balancers: new Map() };
    simulate(scenario, scenario.policies[0], 0, modules);
    const [{ history, pools }] = seen;
    expect(history.length).toBe((2 * 24 * 60) / 5);
    expect(history.originMs).toBe(-2 * 86_400_000);
    let total = 0;
    for (let pool = 0; pool < pools.length; pool++)
      for (let bin = 0; bin < history.length; bin++) total += history.at(pool, bin);
    // Two days at 2/s: Poisson with mean 345,600 and standard deviation 588.
    expect(Math.abs(total - 345_600)).toBeLessThan(4 * 588);
    // EU frames have no home except the pool that decodes all; none arrived at the us pool of the
    // other class.
    expect(pools.map((pool) => pool.name)).toEqual(["eu/ts", "eu/all", "us/ts", "us/all"]);
    expect(history.at(2, 0)).toBe(0);
  });
});
