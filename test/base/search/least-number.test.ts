import { describe, expect, it } from "vitest";
import { leastNumber } from "../../../src/base/search/least-number.js";

describe("the least number", () => {
  it.each([0, 1, 2, 3, 7, 8, 9, 1000, 1_048_577])("at which a condition holds is found: %i", (answer) => {
    expect(leastNumber((number) => number >= answer)).toBe(answer);
  });

  it("takes about 2·log₂(answer) calls", () => {
    let calls = 0;
    leastNumber((number) => {
      calls++;
      return number >= 1_000_000;
    });
    expect(calls).toBeLessThanOrEqual(42);
  });
});
