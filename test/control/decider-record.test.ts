import { describe, expect, it } from "vitest";
import { Decider, type DeciderSpec } from "../../src/control/decider.js";
import { PolicyFailure } from "../../src/control/policy-failure.js";
import type { FleetObservation, PoolObservation, ScaleDecision } from "../../src/ports/policy.js";
import type { PolicyFailureRecord } from "../../src/ports/telemetry.js";
import { ManagedFleet, NotedTelemetry, poolSpec } from "./fake-parts.js";

/** Telemetry that keeps the failures of policies, too. */
class FailureTelemetry extends NotedTelemetry {
  readonly failures: PolicyFailureRecord[] = [];
  onPolicyFailure(failure: PolicyFailureRecord): void {
    this.failures.push(failure);
  }
}

const seen = { desired: 2, open: 5, openDraining: 2, waiting: 3, ready: 2, spawning: 1 } as PoolObservation;

/** A decider of two pools, of which the first has two ready streamlets. */
function deciderOf(more: Partial<DeciderSpec> = {}) {
  const managed = new ManagedFleet({}, [poolSpec(0), poolSpec(1)]);
  managed.ready(2);
  const telemetry = new FailureTelemetry();
  const spec: DeciderSpec = { tickMs: 1000, scrapeLagMs: 0, min: [1, 1], max: [10, 10], mode: "active", ...more };
  let returned: () => unknown = () => [];
  const policy = { decide: () => returned() as ScaleDecision };
  const decider = new Decider(spec, policy, managed.manager, telemetry);
  const decide = (what: () => unknown, trigger: FleetObservation["trigger"] = "tick", nowMs = 0): void => {
    returned = what;
    decider.decide({ nowMs, trigger, pools: [seen, seen] } as unknown as FleetObservation, managed.pools);
  };
  return { managed, telemetry, decide };
}

describe("the record of a decision", () => {
  it("holds what the policy saw, streams on draining streamlets included, and the policy's details", () => {
    const { telemetry, decide } = deciderOf();
    decide(() => [
      { desired: 3, reason: 7, details: { load: 0.5 } },
      { desired: 1, reason: "r" },
    ]);
    const [first, second] = telemetry.decisions;
    expect(first).toMatchObject({ open: 7, waiting: 3, ready: 2, spawning: 1, reason: "unstated" });
    expect(first.details).toEqual({ load: 0.5 });
    expect("details" in second).toBe(false);
  });

  it.each([
    [1, 1, ""],
    [0.5, 1, ""],
    [10, 10, ""],
    [9.5, 10, ""],
    [10.1, 10, "above-max"],
    [0, 1, "below-min"],
  ])("of a proposal of %d within 1 and 10 decides %d, refusal %j", (wanted, desired, refusal) => {
    const { managed, telemetry, decide } = deciderOf();
    decide(() => [{ desired: wanted, reason: "r" }]);
    expect(telemetry.decisions).toMatchObject([{ wanted, desired, refusal }]);
    expect(managed.manager.desired(0)).toBe(desired);
  });

  it("has no reason of the policy's where the policy failed", () => {
    const { telemetry, decide } = deciderOf();
    decide(() => "no list");
    expect(telemetry.decisions).toMatchObject([
      { pool: 0, desired: 2, reason: "", refusal: "policy-returned-no-list" },
      { pool: 1, desired: 2, reason: "", refusal: "policy-returned-no-list" },
    ]);
    expect(telemetry.decisions.every(({ wanted }) => Number.isNaN(wanted))).toBe(true);
  });
});

describe("the failure of a policy", () => {
  it("is reported once per decision, however many pools it concerns, and again with the next", () => {
    const { telemetry, decide } = deciderOf();
    const nonsense = () => [{ desired: -1 }, { desired: "2" }];
    decide(nonsense, "tick", 1000);
    decide(nonsense, "tick", 2000);
    expect(telemetry.failures).toEqual([
      { atMs: 1000, message: "desired is not a count of streamlets" },
      { atMs: 2000, message: "desired is not a count of streamlets" },
    ]);
    expect(telemetry.decisions).toHaveLength(4);
  });

  it("has its message, and the place in the user's module where that is known", () => {
    const { telemetry, decide } = deciderOf();
    decide(() => undefined);
    decide(() => {
      throw new PolicyFailure("policy-threw", "no load", "mine.js:3:7");
    });
    expect(telemetry.failures).toEqual([
      { atMs: 0, message: "decide returned no list" },
      { atMs: 0, message: "no load", at: "mine.js:3:7" },
    ]);
  });
});

describe("a pool that a policy leaves out", () => {
  it.each([
    ["tick", [1]],
    ["streamlet-changed", []],
  ] as const)("launches what it misses at a %s: %j", (trigger, launched) => {
    const { managed, decide } = deciderOf();
    managed.manager.warmPool.resize(1, 1);
    decide(() => [], trigger);
    const calls = managed.fleet.takeCalls().filter((call) => call.startsWith("launch"));
    expect(calls).toHaveLength(launched.length);
  });
});

describe("the size of the warm pool", () => {
  it.each<[unknown, number]>([
    [3, 3],
    [2.5, 3],
    [0, 0],
    [11, 10],
    [-1, 4],
    ["3", 4],
    [undefined, 4],
  ])("that a policy gives as %j is %i, where it was 4", (parked, size) => {
    const { managed, decide } = deciderOf();
    managed.manager.warmPool.resize(0, 4);
    decide(() => [{ desired: 2, reason: "r", parked }]);
    expect(managed.manager.warmPool.sizeOf(0)).toBe(size);
  });

  it("stays where decisions are advisory", () => {
    const { managed, decide } = deciderOf({ mode: "advisory" });
    managed.manager.warmPool.resize(0, 4);
    decide(() => [{ desired: 2, reason: "r", parked: 7 }]);
    expect(managed.manager.warmPool.sizeOf(0)).toBe(4);
  });
});
