import { describe, expect, it } from "vitest";
import { constantLaw } from "../../src/base/distribution.js";
import type { CreatePolicy, FleetObservation } from "../../src/ports/policy.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { SimulatedRun } from "../../src/world/simulate.js";
import { noUserModules, type UserModules } from "../../src/world/user-modules.js";
import { ordinaryScenario, policySpec } from "./ordinary-scenario.js";

const MODULE = "/mine.js";
const mine = policySpec("./mine.js", {}, { name: "mine", tickMs: 30_000, min: 2, max: 20, module: MODULE });

function runOf(scenario: Scenario, modules: UserModules = noUserModules): SimulatedRun {
  const run = new SimulatedRun(scenario, scenario.policies[0], modules);
  run.advance(scenario.durationMs);
  run.result();
  return run;
}

function minutes(...policies: Scenario["policies"]): Scenario {
  return ordinaryScenario({ durationMs: 360_000, warmupMs: 0, policies });
}

describe("holding times", () => {
  it("are measured for built-in kinds that look at them, and for no other", () => {
    const ticking = { tickMs: 30_000, min: 2, max: 20 };
    const measured = (kind: string) => runOf(minutes(policySpec(kind, {}, ticking))).control.monitor.holding;
    expect(["hpa", "square-root"].map((kind) => measured(kind))).toEqual([undefined, undefined]);
    expect(["predictive", "last-value"].map((kind) => measured(kind)?.past.meanMs)).not.toContain(undefined);
  });

  it("are measured for a user's module, which may look at them", () => {
    const seen: number[] = [];
    const decide = ({ holding }: FleetObservation) => {
      seen.push(holding.survivors(0, 0));
      return [{ desired: 12, reason: "fixed" }];
    };
    const create = (() => ({ decide })) as unknown as CreatePolicy;
    runOf(minutes(mine), { policies: new Map([[MODULE, create]]), balancers: new Map() });
    expect(Math.max(...seen)).toBeGreaterThan(2);
  });

  it("are measured where hosts are elastic, whose policy may look at them", () => {
    const base = ordinaryScenario();
    const policy = { kind: "predictive", tickMs: 15_000, scrapeLagMs: 0, knobs: {} };
    const elastic = { min: 1, max: 100, spawn: constantLaw(120_000), policy };
    const caps = { cpu: 2, memoryBytes: Infinity, bitsPerSecond: Infinity, cpuOvercommit: 1, count: 1 };
    const hosts = { ...caps, placement: "best-fit" as const, elastic };
    const scenario = minutes(policySpec("hpa", {}, { tickMs: 30_000, min: 2, max: 20 }));
    const regions = [{ ...base.fleet.regions[0], hosts }];
    expect(runOf({ ...scenario, fleet: { ...base.fleet, regions } }).control.monitor.holding).toBeDefined();
  });

  it("that are not measured cannot be read without an error", () => {
    const { control } = runOf(minutes(policySpec("hpa", {}, { tickMs: 30_000, min: 2, max: 20 })));
    const { holding } = control.monitor.observe("tick", -1);
    const unmeasured = /holding times are not measured/;
    expect(() => holding.meanMs).toThrow(unmeasured);
    expect(() => holding.survivors(0, 0)).toThrow(unmeasured);
  });
});
