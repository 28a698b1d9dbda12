import { describe, expect, it } from "vitest";
import { verdict } from "../../../src/live/twin/twin.js";

const row = { metric: "burst", unit: "ms", live: 100, simulated: 120, again: 105, error: 0.2, repeatError: 0.05 };

describe("a row of the twin", () => {
  it("is within 10 %, or within twice the difference of the two live runs", () => {
    expect(verdict(row).within).toBe(false);
    expect(verdict({ ...row, error: -0.1 }).within).toBe(true);
    expect(verdict({ ...row, repeatError: -0.1 }).within).toBe(true);
  });

  it("is apart where the live run counted none and the simulated one did", () => {
    expect(verdict({ ...row, live: 0, error: null }).within).toBe(false);
  });

  it("gets no verdict where a run has no such figure", () => {
    expect(verdict({ ...row, simulated: Number.NaN, error: null }).within).toBeNull();
    expect(verdict({ ...row, live: Number.NaN, error: null }).within).toBeNull();
  });
});
