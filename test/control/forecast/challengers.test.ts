import { describe, expect, it } from "vitest";
import { CHALLENGERS, isSlowForecaster } from "../../../src/control/forecast/challengers.js";

describe("the challengers from outside the core", () => {
  it("learn for many seconds where there is a network to train", () => {
    expect(CHALLENGERS.map((name) => [name, isSlowForecaster(name)])).toEqual([
      ["lstm", true],
      ["ensemble-lstm", true],
      ["mstl-ets", false],
    ]);
    expect(isSlowForecaster("ensemble")).toBe(false);
  });
});
