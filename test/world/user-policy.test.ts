import { describe, expect, it } from "vitest";
import type { CreatePolicy, FleetObservation, PolicyContext } from "../../src/ports/policy.js";
import { simulate } from "../../src/world/simulate.js";
import { createUserPolicy, unwatched } from "../../src/world/user-policy.js";
import { ordinaryScenario, policySpec } from "./ordinary-scenario.js";

const MODULE = "/mine.js";

function runWith(decide: unknown) {
  const scenario = ordinaryScenario({ durationMs: 360_000, warmupMs: 0 });
  const spec = policySpec("./mine.js", {}, { name: "mine", tickMs: 30_000, min: 2, max: 20, module: MODULE });
  const create = (() => ({ decide })) as CreatePolicy;
  const modules = { policies: new Map([[MODULE, create]]), balancers: new Map() };
  return simulate({ ...scenario, policies: [spec] }, spec, 0, modules);
}

const thrower = (thrown: unknown) => (): never => {
  throw thrown;
};
const trap = new Proxy([], {
  get() {
    throw new Error("a trap");
  },
});
const silent = {
  get message() {
    throw new Error("no");
  },
};

describe("a user's policy that fails", () => {
  it.each([
    ["throws", thrower(new Error("boom")), "boom"],
    ["throws an error without text", thrower(new Error("")), "an error without text"],
    ["throws nothing", thrower(undefined), "an error without text"],
    ["throws what cannot be read", thrower(silent), "an error without text"],
    ["throws a proxy", thrower(trap), "an error without text"],
    ["returns a proxy", () => trap, "a trap"],
    ["returns a promise", async () => [], "decide returned a promise: decide must not be async"],
    [
      "returns a getter that throws",
      () => [
        {
          get desired() {
            throw new Error("got");
          },
        },
      ],
      "got",
    ],
    ["returns a function in its details", () => [{ desired: 3, details: { f: () => 1 } }], "details.f is a function"],
    ["returns a text for parked", () => [{ desired: 3, parked: "two" }], "parked is a string"],
    ["returns a text for desired", () => [{ desired: "3" }], "desired is not a count"],
    [
      "writes into what it sees",
      (seen: { pools: unknown[] }) => {
        seen.pools.length = 0;
        return [];
      },
      "Cannot assign to read only property",
    ],
    [
      "writes into the history",
      (seen: FleetObservation) => Object.assign(seen.history, { length: 5 }),
      "Cannot assign to read only property 'length'",
    ],
    ["states no reason", () => [{ desired: 3 }], "reason is nothing instead of a text"],
    ["asks for more than can be counted", () => [{ desired: 1e300, reason: "x" }], "desired is not a count"],
  ])("is counted with its first message when it %s", (_name, decide, message) => {
    const { policyFailures } = runWith(decide);
    // At the start, and at each of twelve ticks.
    expect(policyFailures).toMatchObject({ count: 13, asked: 13, first: { atMs: 0 } });
    expect(policyFailures?.first.message).toContain(message);
  });

  it("is absent from a run without failures", () => {
    expect(runWith(() => [{ desired: 3, reason: "fine" }]).policyFailures).toBeUndefined();
  });

  it("counts reasons that are called like members of every object", () => {
    const names = ["__proto__", "constructor", "toString"];
    let turn = 0;
    const { decisionReasons } = runWith(() => [
      { desired: 3, reason: names[turn++ % 3], details: JSON.parse('{"__proto__": 1, "constructor": 2}') },
    ]);
    expect(Object.entries(decisionReasons)).toEqual([
      ["__proto__", 5],
      ["constructor", 4],
      ["toString", 4],
    ]);
  });

  it("reads each property once", () => {
    let reads = 0;
    runWith(() => [
      {
        get desired() {
          reads++;
          return 3;
        },
        reason: "x",
      },
    ]);
    expect(reads).toBe(13);
  });
});

describe("what a user's policy sees", () => {
  it("holds no way to the counts of the monitor behind it", () => {
    let keys: string[] = [];
    let survival = Number.NaN;
    runWith(({ holding, spawn, warmStart }: FleetObservation) => {
      keys = [holding, spawn, warmStart].flatMap((view) => Reflect.ownKeys(view).map(String));
      survival = holding.survival(0);
      return [{ desired: 3, reason: "looked" }];
    });
    const views = ["meanMs", "survival", "integratedSurvivalMs", "survivors"];
    expect(keys).toEqual([...views, "quantileMs", "quantileMs"]);
    expect(survival).toBe(1);
  });
});

describe("a policy's idle time-out that fails", () => {
  const runIdle = (idleTimeoutMs: () => unknown) => {
    const scenario = ordinaryScenario({ durationMs: 360_000, warmupMs: 0 });
    const spec = policySpec("./mine.js", {}, { name: "mine", tickMs: 30_000, min: 2, max: 20, module: MODULE });
    const decide = () => [{ desired: 3, reason: "fine" }];
    const create = (() => ({ decide, idleTimeoutMs })) as unknown as CreatePolicy;
    const modules = { policies: new Map([[MODULE, create]]), balancers: new Map() };
    return simulate({ ...scenario, policies: [spec] }, spec, 0, modules).policyFailures;
  };

  it.each([
    ["throws", thrower(new Error("no idea")), "no idea"],
    ["is no number", () => "5s", "idleTimeoutMs returned a string instead of ms"],
  ])("is counted with its first message where it %s", (_name, idleTimeoutMs, message) => {
    const failures = runIdle(idleTimeoutMs);
    expect(failures?.first.message).toBe(message);
    expect(failures?.count).toBeGreaterThan(0);
    expect(failures?.asked).toBe((failures?.count ?? 0) + 13);
  });

  it("is no failure where it is a time", () => {
    expect(runIdle(() => 60_000)).toBeUndefined();
  });
});

describe("the making of a user's policy", () => {
  const make = (policy: unknown) => () =>
    createUserPolicy((() => policy) as CreatePolicy, MODULE, {}, {} as PolicyContext, unwatched);
  const decide = () => [];

  it.each([
    ["a wakeOn that is no list", { decide, wakeOn: {} }, /mine.js: a wakeOn that is no list of words/],
    ["a misspelt wakeOn", { decide, wakeOn: ["stream-end"] }, /wakeOn with "stream-end".*did you mean stream-ended/],
    ["a promise", Promise.resolve({ decide }), /createPolicy must not be async/],
    ["an idleTimeoutMs that is no function", { decide, idleTimeoutMs: 5 }, /idleTimeoutMs is a number/],
    [
      "a getter that throws",
      {
        get decide() {
          throw new Error("no");
        },
      },
      /createPolicy threw: no/,
    ],
  ])("refuses %s", (_name, policy, message) => {
    expect(make(policy)).toThrow(message);
  });

  it("names the line of the module in which a decision failed", () => {
    const error = new Error("boom");
    error.stack = `Error: boom\n    at helper (/other.js:1:1)\n    at Object.decide (file:///dir${MODULE}:3:17)`;
    const policy = make({ decide: thrower(error) })();
    const views = { history: {}, holding: {}, spawn: {}, warmStart: {} };
    const seen = { pools: [], nowMs: 0, ...views } as unknown as FleetObservation;
    expect(() => policy.decide(seen, 0)).toThrow(expect.objectContaining({ at: `${MODULE}:3:17` }));
  });
});
