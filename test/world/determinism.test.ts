import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/base/hash.js";
import type { SimRequest } from "../../src/model/request.js";
import type { RunResult } from "../../src/world/run-result.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { SimulatedRun, simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { FakeHostClock } from "../kernel/fake-host-clock.js";
import { busyDocument, scenarioOf } from "./written-scenario.js";

const busy = scenarioOf(busyDocument);

function run(scenario: Scenario, policy: number, replication = 0): RunResult {
  return simulate(scenario, scenario.policies[policy], replication, noUserModules);
}

/** The properties of each first attempt: arrival, series, holding time, patience, and load. */
function firstAttempts(scenario: Scenario, policy: number): string[] {
  const simulated = new SimulatedRun(scenario, scenario.policies[policy], noUserModules);
  const seen: string[] = [];
  const { control } = simulated;
  const request = control.request.bind(control);
  control.request = (one) => {
    const { arrivedAtMs, series, holdingMs, patienceMs, cpu, memoryBytes, bitsPerSecond, attempt } = one as SimRequest;
    if (attempt === 0) seen.push([arrivedAtMs, series, holdingMs, patienceMs, cpu, memoryBytes, bitsPerSecond].join());
    request(one);
  };
  simulated.advance(scenario.durationMs);
  return seen;
}

describe("a run", () => {
  it.each(busy.policies.map((policy, i) => [policy.name, i] as const))(
    "gives the same bytes for the same seed under %s",
    (_, policy) => {
      const result = run(busy, policy);
      expect(canonicalJson(run(busy, policy))).toBe(canonicalJson(result));
      // Not a run in which nothing happens.
      expect(result.counts.completed).toBeGreaterThan(3000);
      expect(result.counts.interrupted).toBeGreaterThan(0);
    },
  );

  it("gives other numbers for another seed and for another replication", () => {
    const one = canonicalJson(run(busy, 0).counts);
    expect(canonicalJson(run({ ...busy, seed: 8 }, 0).counts)).not.toBe(one);
    expect(canonicalJson(run(busy, 0, 1).counts)).not.toBe(one);
  });

  it("is the same to the last byte when other policies stand in the scenario", () => {
    const alone = scenarioOf({ ...busyDocument, policies: [busyDocument.policies[1]] });
    expect(canonicalJson(run(alone, 0))).toBe(canonicalJson(run(busy, 1)));
  });

  it("meets the same first attempts under every policy and balancer", () => {
    const wanted = firstAttempts(busy, 0);
    expect(wanted.length).toBeGreaterThan(6000);
    for (let policy = 1; policy < busy.policies.length; policy++) expect(firstAttempts(busy, policy)).toEqual(wanted);
    const packed = scenarioOf({ ...busyDocument, balancer: "packing", faults: {} });
    expect(firstAttempts(packed, 2)).toEqual(wanted);
  });

  it("gives the same bytes paced by a host clock, prompt or late, as at full speed", () => {
    for (const policy of [0, 1]) {
      const fast = canonicalJson(run(busy, policy));
      const paced = new SimulatedRun(busy, busy.policies[policy], noUserModules);
      const clock = new FakeHostClock(1_700_000_000_000, 0.25, () => policy * 40);
      let ended = false;
      paced.kernel.runPaced(clock, clock.nowMs(), busy.durationMs, () => {
        ended = true;
      });
      clock.passAll();
      expect(ended).toBe(true);
      expect(canonicalJson(paced.result())).toBe(fast);
    }
  });
});
