import { describe, expect, it } from "vitest";
import { PolicyFailure } from "../../src/control/policy-failure.js";
import { readDecision, readTimeoutMs } from "../../src/control/read-decision.js";

/** The failure that reading this causes. */
function failureOf(returned: unknown): PolicyFailure {
  try {
    readDecision(returned, 1);
  } catch (error) {
    if (error instanceof PolicyFailure) return error;
    throw error;
  }
  throw new Error("no failure");
}

describe("what a user's policy returns", () => {
  it("is copied by its type, one proposal per pool, and nothing else of it is kept", () => {
    const details = { load: 3.5, target: 0 };
    const proposal = { desired: 4, parked: 0, reason: "busy", details, more: "x" };
    const read = readDecision([proposal, undefined], 3);
    expect(read).toEqual([{ desired: 4, parked: 0, reason: "busy", details }, undefined, undefined]);
    expect(read[0]?.details).not.toBe(details);
  });

  it("has no keys that were not given", () => {
    expect(readDecision([{ desired: 1, reason: "r" }], 1)).toStrictEqual([{ desired: 1, reason: "r" }]);
  });

  it("keeps 120 characters of a reason", () => {
    const long = "x".repeat(1_000_000);
    expect(readDecision([{ desired: 1, reason: long }], 1)[0]?.reason).toBe("x".repeat(120));
  });

  it.each([
    [7, "reason is a number that is no count instead of a text"],
    [undefined, "reason is nothing instead of a text"],
    [" ", "reason is an empty text"],
  ])("is refused where the reason is %j", (reason, message) => {
    expect(failureOf([{ desired: 1, reason }])).toMatchObject({ kind: "policy-returned-nonsense", message });
  });

  it("may be a fraction, which the decider rounds up", () => {
    expect(readDecision([{ desired: 4.5, reason: "r" }], 1)[0]?.desired).toBe(4.5);
  });

  it("is refused where it is a list of promises, and each of them is dropped", () => {
    const promises = [Promise.resolve({}), Promise.resolve({})];
    const dropped: unknown[] = [];
    expect(() => readDecision(promises, 2, (promise) => dropped.push(promise))).toThrow(
      "the proposal for a pool is a promise: decide must not be async",
    );
    expect(dropped).toEqual(promises);
  });

  it.each([null, 5, "3"])("proposes no count where a proposal is %j", (proposal) => {
    expect(readDecision([proposal], 1)).toEqual([{ desired: Number.NaN, reason: "" }]);
  });

  it.each(["4", null, undefined, -1, 1e300, Number.NaN])("proposes no count where desired is %j", (desired) => {
    expect(readDecision([{ desired, reason: "r" }], 1)[0]?.desired).toBeNaN();
  });

  it.each([
    [undefined, "decide returned nothing instead of a list"],
    [null, "decide returned null instead of a list"],
    [3, "decide returned a number that is no count instead of a list"],
    ["list", "decide returned a string instead of a list"],
    [{ length: 1 }, "decide returned an object instead of a list"],
    [
      [
        { desired: 1, reason: "x" },
        { desired: 1, reason: "x" },
      ],
      "decide returned a list of 2 for 1 pool",
    ],
    [Promise.resolve([]), "decide returned a promise: decide must not be async"],
  ])("is no list where it is %o", (returned, message) => {
    expect(failureOf(returned)).toMatchObject({ kind: "policy-returned-no-list", message });
  });

  it.each([
    [-1, "parked is a number that is no count instead of a count"],
    [Number.NaN, "parked is NaN instead of a count"],
    [Number.POSITIVE_INFINITY, "parked is Infinity instead of a count"],
    [null, "parked is null instead of a count"],
    ["2", "parked is a string instead of a count"],
    [{}, "parked is an object instead of a count"],
  ])("is refused where parked is %o", (parked, message) => {
    expect(failureOf([{ desired: 1, parked, reason: "r" }])).toMatchObject({
      kind: "policy-returned-nonsense",
      message,
    });
  });

  it.each([
    [null, "details is null"],
    ["much", "details is a string"],
    [{ load: "3" }, "details.load is a string instead of a number"],
    [{ load: 1, ["n".repeat(41)]: undefined }, `details.${"n".repeat(40)} is nothing instead of a number`],
    [Array.from({ length: 51 }, () => 1), "51 details; at most 50 are kept"],
  ])("is refused where details are %o", (details, message) => {
    expect(failureOf([{ desired: 1, details, reason: "r" }])).toMatchObject({
      kind: "policy-returned-nonsense",
      message,
    });
  });

  it("keeps 50 details, NaN among them", () => {
    const details = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`d${i}`, i === 0 ? Number.NaN : i]));
    expect(readDecision([{ desired: 1, details, reason: "r" }], 1)[0]?.details).toEqual(details);
  });
});

describe("an idle time-out of a user's policy", () => {
  it.each([0, 1.5, Number.POSITIVE_INFINITY])("is read where it is %d ms", (given) => {
    expect(readTimeoutMs(given, () => undefined)).toBe(given);
  });

  it.each([
    [-1, "-1"],
    [Number.NaN, "NaN"],
    [null, "null"],
    ["5s", "a string"],
    [undefined, "nothing"],
  ])("is refused where it is %o", (given, what) => {
    expect(() => readTimeoutMs(given, () => undefined)).toThrow(`idleTimeoutMs returned ${what} instead of ms`);
  });
});
