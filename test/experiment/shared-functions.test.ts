import { describe, expect, it } from "vitest";
import { SharedFunctions } from "../../src/experiment/shared-functions.js";

describe("the functions that the simulator shares with the user's code", () => {
  it.each([
    ["globalThis.setTimeout", globalThis, "setTimeout"],
    ["TypedArray.prototype.fill", Object.getPrototypeOf(Float64Array.prototype), "fill"],
    ["TypedArray.from", Object.getPrototypeOf(Float64Array), "from"],
  ])("are found replaced, and are themselves again: %s", (name, holder, key) => {
    const functions = new SharedFunctions();
    const own = holder[key];
    holder[key] = () => 0;
    expect(() => functions.check()).toThrow(`it replaces ${name}, a read-only property`);
    expect(holder[key]).toBe(own);
    expect(() => functions.check()).not.toThrow();
  });
});
