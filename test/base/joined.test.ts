import { describe, expect, it } from "vitest";
import { joined } from "../../src/base/joined.js";

describe("two objects joined", () => {
  it("have the properties of both, of which the second's count, and leave both as they were", () => {
    const [first, second] = [
      { a: 1, b: 2 },
      { b: 3, c: 4 },
    ];
    expect(joined(first, second)).toEqual({ a: 1, b: 3, c: 4 });
    expect([first, second]).toEqual([
      { a: 1, b: 2 },
      { b: 3, c: 4 },
    ]);
  });
});
