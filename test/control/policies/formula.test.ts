import { describe, expect, it } from "vitest";
import { parseFormula } from "../../../src/control/policies/formula.js";

const values = new Map([
  ["a", 124],
  ["b", 306],
  ["zero", 0],
]);

function result(text: string): number | undefined | string {
  const parsed = parseFormula(text);
  return typeof parsed === "string" ? parsed : parsed.evaluate((name) => values.get(name));
}

describe("parseFormula", () => {
  it.each([
    ["a + 10*b", 3184],
    ["(a + b)/2", 215],
    ["a - b - 1", -183],
    ["-a + -2 * -3", -118],
    ["a > 100 ? max(a, b) : min(a, b)", 306],
    ["a < 100 ? 1 : a == 124 ? 2 : 3", 2],
    ["a > 1 && b > 1000 ? 1 : 0", 0],
    ["zero > 0 || not (a > 200) ? 5 : 6", 5],
    ["sum([a, b, 1]) + mean(1, 3)", 433],
    ["ceil(a / 10) + floor(1.9) + round(2.5) + abs(-1) + int(3.7) + float(1)", 22],
    ["1e3", 1000],
  ])("evaluates %s to %d", (text, expected) => {
    expect(result(text)).toBe(expected);
  });

  it.each(["c + 1", "a / zero", "zero / zero", "c > 1 ? 1 : 2", "!c"])("has no value for %s", (text) => {
    expect(result(text)).toBeUndefined();
  });

  it.each([
    ["count([a, b], {# > 1})", "the function count"],
    ["a ** 2", '"*"'],
    ["a % 2", '"%"'],
    ["a & 2", '"& 2"'],
    ["a +", "an end where a value should stand"],
    ["(a", '"the end" where ")" should stand'],
    ["a b", '"b"'],
    ["abs(a, b)", "abs of 2 values"],
    ["", "an end where a value should stand"],
    [`${"(".repeat(60)}a${")".repeat(60)}`, "nesting of more than 50 levels"],
    [`${"-".repeat(60)}a`, "nesting of more than 50 levels"],
    ["1+".repeat(1500), "more than 2000 characters"],
    ["constructor()", "the function constructor"],
  ])("says what of %s is not understood", (text, expected) => {
    expect(result(text)).toBe(expected);
  });

  it("names the values that it uses", () => {
    const parsed = parseFormula("a + max(b, a) + true");
    expect(typeof parsed === "string" ? parsed : [...parsed.names]).toEqual(["a", "b"]);
  });
});
