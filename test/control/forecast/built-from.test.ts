import { describe, expect, it } from "vitest";
import { BuiltFrom } from "../../../src/control/forecast/built-from.js";
import { historyOf } from "./known-histories.js";

describe("the history that a state was built from", () => {
  it("is that history, at the length and on the scale of then", () => {
    const [history, equal] = [historyOf([1, 2]), historyOf([1, 2])];
    const built = new BuiltFrom();
    expect(built.is(history, 0)).toBe(false);
    built.set(history, 0.5);
    expect([built.is(history, 0.5), built.is(equal, 0.5), built.is(history, 0.6)]).toEqual([true, false, false]);
    history.append(3);
    expect(built.is(history, 0.5)).toBe(false);
    expect([built.isOf(history), built.isOf(equal)]).toEqual([true, false]);
    built.set(history, 0.6);
    expect(built.is(history, 0.6)).toBe(true);
  });

  it("is none once the state was changed", () => {
    const history = historyOf([1, 2]);
    const built = new BuiltFrom();
    built.set(history, 0);
    built.clear();
    expect([built.is(history, 0), built.isOf(history)]).toEqual([false, false]);
  });
});
