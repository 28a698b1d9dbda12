import { describe, expect, it } from "vitest";
import { grown } from "../../src/base/grown.js";

describe("a grown array", () => {
  it("is the larger one, with the values of the smaller one first", () => {
    const larger = new Float64Array(4);
    expect(grown(Float64Array.of(1.5, 2.5), larger)).toBe(larger);
    expect(Array.from(larger)).toEqual([1.5, 2.5, 0, 0]);
  });
});
