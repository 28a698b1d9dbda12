import { describe, expect, it } from "vitest";
import { GlobalFunctions } from "../../src/experiment/global-functions.js";

describe("Node's global functions after the user's code", () => {
  it("are found replaced, and are themselves again", () => {
    const functions = new GlobalFunctions();
    const { setTimeout: own } = globalThis;
    Object.assign(globalThis, { setTimeout: () => 0 });
    expect(() => functions.check()).toThrow("it replaces setTimeout");
    expect(globalThis.setTimeout).toBe(own);
    expect(() => functions.check()).not.toThrow();
  });
});
