import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.js";
import { RandomStream } from "../../src/base/random.js";
import { MOST_ENUMERATED, signFlipP, stepDownPs } from "../../src/base/sign-flip.js";

/** The definition, with no order of patterns and no symmetry used. */
function pByDefinition(rows: readonly (readonly number[])[], k: number, among: readonly number[]): number {
  const n = rows[0].length;
  const u = (row: readonly number[], pattern: number): number => {
    const total = row.reduce((sum, value, r) => sum + ((pattern >> r) & 1 ? -value : value), 0);
    return (total * total) / row.reduce((sum, value) => sum + value * value, 0);
  };
  let exceeded = 0;
  for (let pattern = 0; pattern < 1 << n; pattern++) {
    const largest = Math.max(...among.map((i) => u(rows[i], pattern)));
    if (largest >= u(rows[k], 0) * (1 - 1e-9)) exceeded++;
  }
  return exceeded / (1 << n);
}

describe("the sign-flip test", () => {
  it("gives Fisher's p for Darwin's fifteen pairs of maize: 1726 of 32768 patterns", () => {
    // Fisher, The Design of Experiments, 1935, table 3 and §21.
    const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(signFlipP(Float64Array.from(darwin))).toBe(1726 / 32768);
  });

  it("never goes below 2/2ⁿ, however clear the difference: five replications do not reach 5 %", () => {
    for (const n of [2, 3, 5, 10]) expect(signFlipP(new Float64Array(n).fill(7))).toBe(1 / (1 << (n - 1)));
  });

  it("gives 1 where every difference is 0, and for a single replication", () => {
    expect(signFlipP(new Float64Array(8))).toBe(1);
    expect(signFlipP(Float64Array.of(3))).toBe(1);
  });

  it("draws patterns beyond sixteen replications, always the same ones, near the exact p", () => {
    const random = new RandomStream("drawn patterns");
    const differences = Float64Array.from({ length: MOST_ENUMERATED }, () => 0.55 + random.normal());
    const exact = signFlipP(differences);
    // A seventeenth difference that is tiny changes next to nothing, but asks for a sample.
    const drawn = signFlipP(Float64Array.of(...differences, 1e-6));
    expect(drawn).toBe(signFlipP(Float64Array.of(...differences, 1e-6)));
    // Four standard errors of 20,000 draws.
    expect(Math.abs(drawn - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 20_000));
  });

  it("refuses differences that are not finite, and rows of different length", () => {
    expect(() => signFlipP(Float64Array.of(1, Number.NaN))).toThrow(AssertionError);
    expect(() => stepDownPs([Float64Array.of(1, 2), Float64Array.of(1, 2, 3)])).toThrow(AssertionError);
  });
});

describe("the step-down test over many rows", () => {
  const random = new RandomStream("step down");
  const rows = [2, 0.1, 1, 0].map((shift) => Array.from({ length: 8 }, () => shift + random.normal()));

  it("is the definition of Westfall and Young: each row against itself and those behind it, never falling", () => {
    const u = rows.map((row) => row.reduce((sum, x) => sum + x, 0) ** 2 / row.reduce((sum, x) => sum + x * x, 0));
    const order = [0, 1, 2, 3].sort((a, b) => u[b] - u[a]);
    const expected: number[] = [];
    let largest = 0;
    order.forEach((k, rank) => {
      largest = Math.max(largest, pByDefinition(rows, k, order.slice(rank)));
      expected[k] = largest;
    });
    const found = stepDownPs(rows.map((row) => Float64Array.from(row)));
    expect([...found]).toEqual(expected);
    expect(Math.min(...found)).toBeLessThan(0.05);
  });

  it("counts a metric that is there twice once: no correction for perfect dependence", () => {
    const row = Float64Array.from(rows[0]);
    const twice = row.map((value) => 1000 * value);
    expect([...stepDownPs([row, twice])]).toEqual([signFlipP(row), signFlipP(row)]);
  });

  it("leaves rows of zeros out", () => {
    const row = Float64Array.from(rows[0]);
    expect([...stepDownPs([new Float64Array(8), row])]).toEqual([1, signFlipP(row)]);
    expect([...stepDownPs([])]).toEqual([]);
  });

  it("finds something in at most 5 % of tables where nothing is to be found", () => {
    const noise = new RandomStream("null tables");
    const tables = 2000;
    let wrong = 0;
    for (let table = 0; table < tables; table++) {
      // Ten rows that share half of their noise, one of them of counts.
      const shared = Array.from({ length: 8 }, () => noise.normal());
      const null_ = Array.from({ length: 10 }, (_, k) =>
        Float64Array.from(shared, (x) => (k === 0 ? noise.poisson(2) - noise.poisson(2) : x + noise.normal())),
      );
      if (Math.min(...stepDownPs(null_)) <= 0.05) wrong++;
    }
    expect(wrong / tables).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / tables));
    expect(wrong / tables).toBeGreaterThan(0.02);
  });
});
