import { describe, expect, it } from "vitest";
import { defaultMembers } from "../../../src/control/forecast/default-forecaster.js";
import { KNOTS, USUAL_ERRORS, usualError } from "../../../src/control/forecast/usual-errors.js";

/** A model whose errors at the knots are powers of two: their geometric means are easy to see. */
const TABLE = new Map([["m", [1, 4, 16, 2]]]);
const DAY = 256;

/** The lead at this place between the next bin (0) and a day ahead (1). */
const leadAt = (place: number): number => 2 ** (8 * place);

describe("usual errors", () => {
  it("lie between the knots by the logarithm of the lead, and stay beyond a day", () => {
    expect(usualError(USUAL_ERRORS, "last-value", 1, 288)).toBeCloseTo(1.46, 12);
    expect(usualError(USUAL_ERRORS, "last-value", 288, 288)).toBeCloseTo(2.08, 12);
    expect(usualError(USUAL_ERRORS, "last-value", 2000, 288)).toBeCloseTo(2.08, 12);
    KNOTS.forEach((knot, i) => {
      expect(usualError(TABLE, "m", leadAt(knot), DAY)).toBeCloseTo([1, 4, 16, 2][i], 9);
    });
  });

  it("are geometric means between two knots: half-way between errors of 4 and 16 lies 8", () => {
    expect(usualError(TABLE, "m", leadAt((0 + 0.4) / 2), DAY)).toBeCloseTo(2, 9);
    expect(usualError(TABLE, "m", leadAt((0.4 + 0.75) / 2), DAY)).toBeCloseTo(8, 9);
    expect(usualError(TABLE, "m", leadAt((0.75 + 1) / 2), DAY)).toBeCloseTo(Math.sqrt(32), 9);
    // A quarter of the way from 1 to 4.
    expect(usualError(TABLE, "m", leadAt(0.1), DAY)).toBeCloseTo(Math.SQRT2, 9);
  });

  it("are neutral for a model that is not in the table", () => {
    for (const lead of [1, 9, 50, 288]) expect(usualError(USUAL_ERRORS, "of-my-own", lead, 288)).toBe(1);
  });

  it("are those of the next bin where bins make no day, or a day is one bin", () => {
    expect(usualError(USUAL_ERRORS, "last-value", 9, 0)).toBeCloseTo(1.46, 12);
    expect(usualError(USUAL_ERRORS, "last-value", 9, 1)).toBeCloseTo(1.46, 12);
  });

  it("are known at each knot for each member of the default combination, in units of theta's", () => {
    for (const { name } of defaultMembers()) {
      const errors = USUAL_ERRORS.get(name) ?? [];
      expect(errors, name).toHaveLength(KNOTS.length);
      expect(errors.every((error) => error > 0)).toBe(true);
    }
    expect(USUAL_ERRORS.get("theta-day-sqrt")).toEqual([1, 1, 1, 1]);
  });
});
