import { describe, expect, it } from "vitest";
import { valuesOfRange } from "../../src/experiment/value-range.js";

describe("a range of values", () => {
  it("counts from one bound to the other, which it includes", () => {
    expect(valuesOfRange({ from: 1, to: 5, step: 2 }, "n", "x")).toEqual([1, 3, 5]);
    expect(valuesOfRange({ from: 0.1, to: 0.5, step: 0.1 }, "n", "x")).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(valuesOfRange({ from: 1, to: 4, step: 2 }, "n", "x")).toEqual([1, 3]);
  });

  it("carries the unit of its step", () => {
    expect(valuesOfRange({ from: "30s", to: "1min", step: "15s" }, "n", "x")).toEqual(["30s", "45s", "60s"]);
    expect(valuesOfRange({ from: "512MiB", to: "1GiB", step: "256MiB" }, "n", "x")).toEqual([
      "512MiB",
      "768MiB",
      "1024MiB",
    ]);
    expect(valuesOfRange({ from: "1/s", to: "120/min", step: "0.5/s" }, "n", "x")).toEqual(["1/s", "1.5/s", "2/s"]);
  });

  it("takes a list as it is, but no value twice", () => {
    expect(valuesOfRange(["5s", 3, true], "n", "x")).toEqual(["5s", 3, true]);
    expect(() => valuesOfRange([1, 2, 1], "n", "x")).toThrow(/n: 1 twice/);
  });

  it.each([
    [{ from: 5, to: 1, step: 1 }, /n: from 5 to 1, which is empty; expected from ≤ to/],
    [{ from: 1, to: 5, step: 0 }, /a step of 0/],
    [{ from: 1, to: "5s", step: 1 }, /three quantities of one kind/],
    [{ from: 1, to: 1_000_000_000, step: 1 }, /n: 1000000000 values; expected at most 10000/],
    [{ from: 1, to: 5, step: -1 }, /three quantities/],
  ])("refuses %j", (range, message) => {
    expect(() => valuesOfRange(range, "n", "x")).toThrow(message);
  });
});
