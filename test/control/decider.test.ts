import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.js";
import { Decider, type DeciderSpec } from "../../src/control/decider.js";
import type { FleetObservation, PoolObservation, ScaleDecision } from "../../src/ports/policy.js";
import { simulate } from "../../src/world/simulate.js";
import { busyDocument, scenarioOf } from "../world/written-scenario.js";
import { ManagedFleet, never } from "./fake-parts.js";

/** What a policy described, decided once on a pool that has two ready streamlets. */
function decideOnce(
  says: () => unknown,
  more: Partial<DeciderSpec> = {},
  trigger: FleetObservation["trigger"] = "tick",
) {
  const managed = new ManagedFleet();
  managed.ready(2);
  const spec: DeciderSpec = { tickMs: 1000, scrapeLagMs: 0, min: [1], max: [10], mode: "active", ...more };
  const policy = { decide: says as () => ScaleDecision };
  const decider = new Decider(spec, policy, managed.manager, managed.telemetry);
  const pool = { desired: 2, open: 0, openDraining: 0, waiting: 0, ready: 2, spawning: 0 } as PoolObservation;
  decider.decide({ nowMs: 0, trigger, pools: [pool] } as unknown as FleetObservation, managed.pools);
  const { decisions } = managed.telemetry;
  return { decisions, desired: managed.manager.desired(0), calls: managed.fleet.takeCalls() };
}

const proposal = (desired: unknown, reason = "because"): unknown => [{ desired, reason }];

describe("the decider", () => {
  it("carries a proposal out, and records the proposal, the decision and the reason", () => {
    const { decisions, desired } = decideOnce(() => proposal(4));
    expect(desired).toBe(4);
    expect(decisions).toMatchObject([{ wanted: 4, desired: 4, reason: "because", refusal: "", ready: 2 }]);
  });

  it("rounds a fraction up", () => {
    expect(decideOnce(() => proposal(3.01)).desired).toBe(4);
  });

  it.each([
    ["above max", 12, 10, "above-max"],
    ["a billion", 1e9, 10, "above-max"],
    ["below min", 0, 1, "below-min"],
    ["minus nothing", -0, 1, "below-min"],
  ])("holds a proposal %s to the bounds and records it", (_, wanted, desired, refusal) => {
    const once = decideOnce(() => proposal(wanted));
    expect(once.desired).toBe(desired);
    expect(once.decisions).toMatchObject([{ wanted, desired, refusal }]);
  });

  it.each([
    ["NaN", Number.NaN],
    ["a negative number", -1],
    ["Infinity", never],
    ["minus infinity", -never],
    ["a text", "5"],
    ["nothing", undefined],
    ["null", null],
    ["an object", {}],
  ])("refuses %s, records it, and leaves in force what was", (_, wanted) => {
    const once = decideOnce(() => proposal(wanted));
    expect([once.desired, once.calls]).toEqual([2, []]);
    expect(once.decisions).toMatchObject([{ desired: 2, refusal: "not-a-count" }]);
    expect(once.decisions[0].wanted).toBeNaN();
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("division by zero");
      },
      "policy-threw: division by zero",
    ],
    [
      "throws no error",
      () => {
        throw "a text";
      },
      "policy-threw: a text",
    ],
    ["returns nothing", () => undefined, "policy-returned-no-list"],
    ["returns a promise", () => Promise.resolve([]), "policy-returned-no-list"],
    ["returns a number", () => 7, "policy-returned-no-list"],
    ["returns a list of null", () => [null], "not-a-count"],
  ])("survives a policy that %s", (_, expected, refusal) => {
    const once = decideOnce(expected);
    expect(once.desired).toBe(2);
    expect(once.decisions).toMatchObject([{ desired: 2, refusal }]);
  });

  it("keeps the message of a refusal short, however long the policy's error is", () => {
    const once = decideOnce(() => {
      throw new Error("x".repeat(1e6));
    });
    expect(once.decisions[0].refusal.length).toBeLessThan(150);
    expect(decideOnce(() => proposal(3, "y".repeat(1e6))).decisions[0].reason.length).toBeLessThan(250);
  });

  it("lets a broken promise of our own through: that is no policy's nonsense", () => {
    expect(() =>
      decideOnce(() => {
        throw new AssertionError("ours");
      }),
    ).toThrow("ours");
  });

  it("keeps the decision in force for a pool that the policy leaves out, and launches missing streamlets", () => {
    expect(decideOnce(() => []).decisions).toEqual([]);
    expect(decideOnce(() => [undefined]).desired).toBe(2);
  });

  it("bounds a proposal even without a max: a fleet of millions would stop the run", () => {
    const once = decideOnce(() => proposal(1e9), { max: [never] });
    expect(once.desired).toBeLessThanOrEqual(100_000);
    expect(once.decisions).toMatchObject([{ wanted: 1e9, refusal: "above-max" }]);
  });

  it("only records when it is advisory, and does nothing when it is off", () => {
    const advisory = decideOnce(() => proposal(5), { mode: "advisory" });
    expect([advisory.desired, advisory.calls]).toEqual([2, []]);
    expect(advisory.decisions).toMatchObject([{ wanted: 5, desired: 5, refusal: "advisory" }]);
    expect(decideOnce(() => proposal(5), { mode: "off" }).decisions).toEqual([]);
  });
});

describe("a run under a policy that talks nonsense", () => {
  const scenario = scenarioOf({
    ...busyDocument,
    duration: "10min",
    warmup: "0s",
    policies: [{ kind: "./nonsense.js", min: 2, tick: "1s" }],
  });
  const nonsense: readonly (() => unknown)[] = [
    () => [1e9, 1e9, 1e9, 1e9].map((desired) => ({ desired, reason: "greed" })),
    () => {
      throw new Error(`tantrum at ${Math.PI}`);
    },
    () => [{ desired: Number.NaN, reason: "?" }, { desired: -5, reason: "?" }, null, 7],
    () => ({ length: 4 }),
    () => [undefined, { desired: never, reason: "more" }],
    () => [{ desired: "3", reason: 5 }, { desired: 0 }],
  ];

  it("ends, records every refusal, and serves with the decision in force", () => {
    let n = 0;
    const policy = { decide: () => nonsense[n++ % nonsense.length]() as ScaleDecision };
    const modules = { policies: new Map([["./nonsense.js", () => policy]]), balancers: new Map() };
    const result = simulate(scenario, scenario.policies[0], 0, modules);
    expect(result.counts.completed).toBeGreaterThan(200);
    const refusals = new Set(result.decisions.map(({ refusal }) => refusal));
    for (const refusal of [
      "above-max",
      "not-a-count",
      "policy-returned-no-list",
      "policy-threw: tantrum at 3.141592653589793",
    ])
      expect(refusals).toContain(refusal);
  });

  it("counts a bounded number of reasons, though the policy never gives the same twice", () => {
    let n = 0;
    const policy = { decide: () => scenario.fleet.regions.map(() => ({ desired: 2, reason: `reason ${n++}` })) };
    const modules = { policies: new Map([["./nonsense.js", () => policy]]), balancers: new Map() };
    const long = { ...scenario, durationMs: 2_000_000 };
    const { decisionReasons } = simulate(long, long.policies[0], 0, modules);
    expect(n).toBeGreaterThan(3000);
    expect(Object.keys(decisionReasons).length).toBeLessThanOrEqual(1001);
    expect(Object.values(decisionReasons).reduce((sum, count) => sum + count, 0)).toBe(n);
  });
});
