import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { NormalEquations } from "../../../src/control/forecast/normal-equations.js";

describe("weighted least squares", () => {
  it("finds the coefficients of exact data, for any number of columns and rows", () => {
    const random = new RandomStream("normal equations");
    for (let columns = 1; columns <= 7; columns++) {
      for (let rows = columns + 2; rows < columns + 12; rows++) {
        const wanted = Array.from({ length: columns }, () => 4 * random.uniform() - 2);
        const equations = new NormalEquations(columns);
        for (let r = 0; r < rows; r++) {
          const row = Float64Array.from(wanted, (_, i) => (i === r % columns ? 3 : 0) + random.uniform());
          const target = wanted.reduce((sum, w, i) => sum + w * row[i], 0);
          equations.add(row, target, 0.5 + random.uniform());
        }
        // Exact but for rounding: the worst of these systems has a condition number of about 1e4.
        const found = equations.solve(0);
        for (let i = 0; i < columns; i++) expect(Math.abs(found[i] - wanted[i])).toBeLessThan(1e-9);
      }
    }
  });
});
