import { describe, expect, it } from "vitest";
import { decimalPlaceOf, roundToPlace } from "../../src/base/decimal-place.js";

describe("the decimal place of an interval", () => {
  it.each([
    [0.5612, 2],
    [9.94, 1],
    [9.96, 0],
    [56.1, 0],
    [99.6, -1],
    [12_096, -3],
  ])("of half width %d is %d", (halfWidth, place) => {
    expect(decimalPlaceOf(halfWidth)).toBe(place);
  });

  it("rounds to tens and thousands", () => {
    expect(roundToPlace(247_052, -3)).toBe(247_000);
    expect(roundToPlace(-994.9, -1)).toBe(-990);
    expect(roundToPlace(12.5, 0)).toBe(13);
  });
});
