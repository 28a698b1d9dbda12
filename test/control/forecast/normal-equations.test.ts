import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { NormalEquations } from "../../../src/control/forecast/normal-equations.js";
import { distance, type PlainRow, plainRidge } from "./plain-model.js";

function someRows(seed: string, columns: number, count: number): PlainRow[] {
  const random = new RandomStream(seed);
  return Array.from({ length: count }, (_, r) => ({
    x: Float64Array.from({ length: columns }, (_, i) => (i === r % columns ? 3 : 0) + random.uniform()),
    y: 4 * random.uniform() - 2,
    weight: 0.5 + random.uniform(),
  }));
}

function added(rows: readonly PlainRow[], columns: number): NormalEquations {
  const equations = new NormalEquations(columns);
  for (const { x, y, weight } of rows) equations.add(Float64Array.from(x), y, weight);
  return equations;
}

describe("weighted least squares", () => {
  it("finds the coefficients of exact data, for any number of columns and rows", () => {
    const random = new RandomStream("normal equations");
    for (let columns = 1; columns <= 7; columns++) {
      const wanted = Array.from({ length: columns }, () => 4 * random.uniform() - 2);
      for (let count = columns + 2; count < columns + 6; count++) {
        const rows = someRows(`exact ${columns} ${count}`, columns, count).map((row) => ({
          ...row,
          y: wanted.reduce((sum, w, i) => sum + w * row.x[i], 0),
        }));
        // Exact but for rounding: the worst of these systems has a condition number of about 1e4.
        expect(distance(added(rows, columns).solve(0), wanted)).toBeLessThan(1e-9);
      }
    }
  });

  it("is the plain ridge regression, with one ridge for all columns or one for each", () => {
    for (let columns = 1; columns <= 5; columns++) {
      for (let count = 0; count <= 9; count++) {
        const rows = someRows(`ridge ${columns} ${count}`, columns, count);
        const ridges = Float64Array.from({ length: columns }, (_, i) => 0.05 * (i + 1));
        const alike = plainRidge(rows, () => 0.1, columns);
        const own = plainRidge(rows, (i) => ridges[i], columns);
        expect(distance(added(rows, columns).solve(0.1), alike)).toBeLessThan(1e-9);
        expect(distance(added(rows, columns).solve(ridges), own)).toBeLessThan(1e-9);
      }
    }
  });

  it("gives 0 to a column of zeros, and leaves the others as they are without it", () => {
    const rows = someRows("zeros", 2, 9);
    const wider = rows.map(({ x, y, weight }) => ({ x: [x[0], 0, x[1]], y, weight }));
    const [first, zero, last] = added(wider, 3).solve(0.01);
    const narrow = added(rows, 2).solve(0.01);
    expect(zero).toBe(0);
    expect(distance([first, last], narrow)).toBeLessThan(1e-12);
  });

  it("shares the coefficient between two equal columns by their ridge, and without one stays finite", () => {
    const rows = Array.from({ length: 5 }, () => ({ x: [1, 1], y: 6, weight: 1 }));
    // With a ridge r both are 6 / (2 + r).
    expect(distance(added(rows, 2).solve(0.5), [2.4, 2.4])).toBeLessThan(1e-12);
    const [a, b] = added(rows, 2).solve(0);
    expect(a + b).toBeCloseTo(6, 9);
    expect(Math.max(Math.abs(a), Math.abs(b))).toBeLessThan(10);
  });

  it("keeps the pivot of a column that the others make up at 10⁻¹⁰ of its size", () => {
    // The second column is a tenth of the first but for 10⁻⁹: its own pivot is lost in rounding.
    const rows = [
      { x: [1, 0.1], y: 1, weight: 1 },
      { x: [1, 0.1], y: 2, weight: 1 },
      { x: [1, 0.1 + 1e-9], y: 3, weight: 1 },
    ];
    const found = added(rows, 2).solve(0);
    for (const one of found) expect(Math.abs(one)).toBeLessThan(1e4);
    expect(found[0] + 0.1 * found[1]).toBeCloseTo(2, 6);
  });

  it("takes rows that the caller fills in place, and counts them", () => {
    const rows = someRows("in place", 3, 7);
    const equations = new NormalEquations(3);
    for (const { x, y, weight } of rows) {
      for (let i = 0; i < 3; i++) equations.block[equations.next + i] = x[i];
      equations.addNext(y, weight);
    }
    expect(equations.rows).toBe(7);
    expect(equations.solve(0.2)).toEqual(added(rows, 3).solve(0.2));
  });

  it("may be solved between two rows", () => {
    const rows = someRows("twice", 3, 11);
    const equations = added(rows.slice(0, 6), 3);
    expect(
      distance(
        equations.solve(0.1),
        plainRidge(rows.slice(0, 6), () => 0.1, 3),
      ),
    ).toBeLessThan(1e-9);
    for (const { x, y, weight } of rows.slice(6)) equations.add(Float64Array.from(x), y, weight);
    expect(
      distance(
        equations.solve(0.1),
        plainRidge(rows, () => 0.1, 3),
      ),
    ).toBeLessThan(1e-9);
  });
});
