import { describe, expect, it } from "vitest";
import { parseFormula } from "../../../src/control/policies/formula.js";

const values = new Map([
  ["a", 124],
  ["b", 306],
  ["b2", 8],
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

  it.each([
    ["<", [1, 0, 0]],
    ["<=", [1, 1, 0]],
    [">", [0, 0, 1]],
    [">=", [0, 1, 1]],
    ["==", [0, 1, 0]],
    ["!=", [1, 0, 1]],
  ])("compares by %s, with 1 for true and 0 for false", (operator, [less, equal, more]) => {
    expect(["1", "2", "3"].map((left) => result(`${left} ${operator} 2`))).toEqual([less, equal, more]);
  });

  it.each([
    ["||", [0, 1, 1, 1]],
    ["or", [0, 1, 1, 1]],
    ["&&", [0, 0, 0, 1]],
    ["and", [0, 0, 0, 1]],
  ])("joins truths by %s", (operator, expected) => {
    const pairs = ["0 # 0", "0 # 7", "7 # 0", "7 # 7"].map((pair) => pair.replace("#", operator));
    expect(pairs.map(result)).toEqual(expected);
  });

  it.each([
    ["!0", 1],
    ["!7", 0],
    ["not 0.5", 0],
    ["+a", 124],
    ["true + true", 2],
    ["false", 0],
    ["min(b, a, 200)", 124],
    ["min([b, a])", 124],
    ["1.25 + 1.5e+2 + 2e-12 * 5e11", 152.25],
    ["  a \n  + 1  ", 125],
    ["b2 + 1", 9],
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
    ["abs([a])", "abs of a list"],
    ...["ceil", "floor", "round", "float", "int"].map((name) => [`${name}(a, b)`, `${name} of 2 values`]),
    [`a & ${"b".repeat(40)}`, `"& ${"b".repeat(18)}"`],
    ["a + ]", '"]"'],
    ["", "an end where a value should stand"],
    [`${"(".repeat(60)}a${")".repeat(60)}`, "nesting of more than 50 levels"],
    [`${"-".repeat(60)}a`, "nesting of more than 50 levels"],
    ["1+".repeat(1500), "more than 2000 characters"],
    ["constructor()", "the function constructor"],
  ])("says what of %s is not understood", (text, expected) => {
    expect(result(text)).toBe(expected);
  });

  it("is read up to 2000 characters and 50 levels, however many stand side by side", () => {
    expect(result(`${"1+".repeat(999)}12`)).toBe(1011);
    expect(result(`${"1+".repeat(999)}123`)).toBe("more than 2000 characters");
    // The formula itself is the first level.
    expect(result(`${"(".repeat(49)}a${")".repeat(49)}`)).toBe(124);
    expect(result(`${"(".repeat(50)}a${")".repeat(50)}`)).toBe("nesting of more than 50 levels");
    expect(result(`${"-".repeat(49)}a`)).toBe(-124);
    expect(result(`${"-".repeat(50)}a`)).toBe("nesting of more than 50 levels");
    expect(result(Array.from({ length: 60 }, () => "(a)").join(" - "))).toBe(124 * -58);
    expect(result(Array.from({ length: 60 }, () => "-a").join(" + "))).toBe(-124 * 60);
  });

  it("names the values that it uses", () => {
    const parsed = parseFormula("a + max(b, a) + true");
    expect(typeof parsed === "string" ? parsed : [...parsed.names]).toEqual(["a", "b"]);
  });
});
