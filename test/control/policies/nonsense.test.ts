import { describe, expect, it } from "vitest";
import type { CreatePolicy, Policy } from "../../../src/ports/policy.js";
import { simulate } from "../../../src/world/simulate.js";
import { ordinaryScenario, policySpec } from "../../world/ordinary-scenario.js";

/**
 * Six minutes of a queue under a user's policy, with three minutes' patience: ticks every 30 s,
 * between 2 and 20 streamlets.
 */
function runWith(decide: Policy["decide"], more: Partial<Policy> = {}, create?: () => unknown) {
  const scenario = ordinaryScenario({ durationMs: 360_000, warmupMs: 0 });
  const spec = policySpec("./mine.js", {}, { name: "mine", tickMs: 30_000, min: 2, max: 20, module: "/mine.js" });
  const modules = {
    policies: new Map([["/mine.js", (create ?? (() => ({ decide, ...more }))) as CreatePolicy]]),
    balancers: new Map(),
  };
  return simulate({ ...scenario, policies: [spec] }, spec, 0, modules);
}

const nonsense: readonly (readonly [string, () => unknown, RegExp, number])[] = [
  [
    "throws",
    () => {
      throw new Error("no idea");
    },
    /policy-threw: no idea/,
    2,
  ],
  [
    "throws no error",
    () => {
      throw "a text";
    },
    /policy-threw: a text/,
    2,
  ],
  ["returns nothing", () => undefined, /policy-returned-no-list/, 2],
  ["returns a number", () => 7, /policy-returned-no-list/, 2],
  ["returns NaN", () => [{ desired: Number.NaN, reason: "?" }], /not-a-count/, 2],
  ["returns Infinity", () => [{ desired: Number.POSITIVE_INFINITY, reason: "?" }], /not-a-count/, 2],
  ["returns a negative number", () => [{ desired: -5, reason: "?" }], /not-a-count/, 2],
  ["returns a text", () => [{ desired: "many", reason: "?" }], /not-a-count/, 2],
  ["returns null", () => [null], /not-a-count/, 2],
  ["returns a billion", () => [{ desired: 1e9, reason: "?" }], /above-max/, 20],
  ["returns too few", () => [{ desired: 0, reason: "?" }], /below-min/, 2],
];

describe("a policy's nonsense", () => {
  for (const [what, decide, refusal, desired] of nonsense) {
    it(`is a recorded, bounded refusal when it ${what}`, () => {
      const result = runWith(decide as unknown as Policy["decide"]);
      const refused = result.decisions.filter((one) => refusal.test(one.refusal));
      // At the start, and at each of twelve ticks.
      expect(refused.length).toBe(13);
      expect(new Set(refused.map((one) => one.desired))).toEqual(new Set([desired]));
      expect(result.counts.arrived).toBeGreaterThan(1000);
    });
  }

  it("in its idle time-outs is never: the streamlet stays", () => {
    for (const idleTimeoutMs of [
      () => Number.NaN,
      () => -1,
      () => "soon" as unknown as number,
      () => {
        throw new Error("no");
      },
    ]) {
      const result = runWith(() => [{ desired: 12, reason: "sensible" }], { idleTimeoutMs });
      expect(result.metrics.spawns).toBe(12);
    }
  });

  it("in the making of the policy is the user's fault", () => {
    const make = (create: () => unknown) => () => runWith(() => [], {}, create);
    expect(
      make(() => {
        throw new Error("knob x is missing");
      }),
    ).toThrow(/^\/mine.js: createPolicy threw: knob x is missing/);
    expect(make(() => undefined)).toThrow(/^\/mine.js: createPolicy returned no policy/);
    expect(make(() => ({}))).toThrow(/returned no policy/);
  });

  it("does not keep a later sensible decision from being carried out", () => {
    const result = runWith((_, nowMs) => {
      if (nowMs < 100_000) throw new Error("not yet");
      return [{ desired: 12, reason: "sensible" }];
    });
    const last = result.decisions[result.decisions.length - 1];
    expect([last.desired, last.reason, last.refusal]).toEqual([12, "sensible", ""]);
  });
});
