import { describe, expect, it } from "vitest";
import { FLOAT_ZERO } from "../../src/base/float-zero.js";
import { NeedLadder } from "../../src/world/recorder/need-ladder.js";

describe("a zero that is a float", () => {
  it("equals 0, and what begins with it shows no minus", () => {
    expect(FLOAT_ZERO === 0).toBe(true);
    expect(Object.is(0 + FLOAT_ZERO, 0)).toBe(true);
    expect(Object.is(new NeedLadder(1000, 0).spentMs(5000), 0)).toBe(true);
  });
});
