import { describe, expect, it } from "vitest";
import { LeadRecord } from "../../../src/control/forecast/lead-record.js";
import type { Residuals } from "../../../src/control/forecast/residuals.js";

describe("quantiles of a record's residuals", () => {
  /** The residuals of a record of `lead`, each of which stands for `every` bins. */
  function withResiduals(lead: number, residuals: readonly number[], every = 1): Residuals {
    const record = new LeadRecord(lead, Float64Array.of(1), new Uint8Array(1), 1e6);
    residuals.forEach((residual, i) => {
      record.note(i * lead, Float64Array.of(100), 1, 0, () => 1);
      record.mature(i * lead + lead - 1, 100 + residual, every);
    });
    return record.residuals;
  }

  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

  it("are the assumed one before there is a residual", () => {
    expect(withResiduals(1, []).quantile(0.9, 3.5)).toBe(3.5);
  });

  it("mix 20 residuals with the assumption as 10 more, widened, with the median drawn towards 0", () => {
    // Type 6 of 1 … 20 at level p is 21p. The level 0.9 is widened to 0.5 + 0.4 × (1 + 2.25/20) =
    // 0.945, the level 0.2 to 0.16625; the median 10.5 loses 100/120 of itself.
    const kept = withResiduals(1, upTo(20));
    const drawn = (level: number): number => 21 * level - 10.5 * (100 / 120);
    expect(kept.quantile(0.9, 3)).toBeCloseTo((20 * drawn(0.945) + 10 * 3) / 30, 9);
    expect(kept.quantile(0.2, -3)).toBeCloseTo((20 * drawn(0.16625) - 10 * 3) / 30, 9);
    expect(kept.quantile(0.5, 0)).toBeCloseTo((20 * drawn(0.5)) / 30, 9);
  });

  it("are widened at most half-way to the end", () => {
    // Two residuals: 0.5 + 0.3 × (1 + 2.25/2) would be 1.1375; half-way from 0.8 to 1 is 0.9.
    const kept = withResiduals(1, upTo(99).slice(0, 2));
    const drawn = (level: number): number => Math.min(2, Math.max(1, 3 * level)) - 1.5 * (100 / 102);
    expect(kept.quantile(0.8, 0)).toBeCloseTo((2 * drawn(0.9)) / 12, 9);
    expect(kept.quantile(0.2, 0)).toBeCloseTo((2 * drawn(0.1)) / 12, 9);
    // At lead 20 twelve bins are two independent residuals.
    const twelve = withResiduals(20, upTo(12));
    expect(twelve.quantile(0.8, 0)).toBeCloseTo((12 * (13 * 0.9 - 6.5 * (100 / 102))) / 22, 9);
    expect(twelve.quantile(0.2, 0)).toBeCloseTo((12 * (13 * 0.1 - 6.5 * (100 / 102))) / 22, 9);
    const many = withResiduals(10, upTo(9));
    // At lead 10 three bins are one independent residual: 3 of them. 0.6 → 0.5 + 0.1 × 1.75.
    expect(many.quantile(0.6, 0)).toBeCloseTo((9 * (10 * 0.675 - 5 * (100 / 103))) / 19, 9);
  });

  it("count each residual for all bins that it stands for", () => {
    // At lead 10 nine residuals of one bin in 10 are 90 bins, 30 independent ones.
    const kept = withResiduals(10, upTo(9), 10);
    const level = 0.5 + 0.1 * (1 + 2.25 / 30);
    expect(kept.quantile(0.6, 0)).toBeCloseTo((9 * (10 * level - 5 * (100 / 130))) / 19, 9);
  });

  it("need no assumption from 504 residuals on, a quarter of the 2,016 kept", () => {
    const drawn = (n: number): number => (n + 1) * (0.5 + 0.4 * (1 + 2.25 / n)) - ((n + 1) / 2) * (100 / (n + 100));
    expect(withResiduals(1, upTo(504)).quantile(0.9, 1e6)).toBeCloseTo(drawn(504), 6);
    expect(withResiduals(1, upTo(503)).quantile(0.9, 0)).toBeCloseTo((503 * drawn(503)) / 513, 6);
  });

  it("count at most the bins of 2,016 residuals", () => {
    const residuals = Array.from({ length: 2516 }, (_, i) => (i % 2016) + 1);
    // All of 1 … 2016 are kept. Independent are 2,016 × 2, not 2,516 × 2.
    const level = 0.5 + 0.4 * (1 + 2.25 / 4032);
    const expected = 2017 * level - (2017 / 2) * (100 / 4132);
    expect(withResiduals(1, residuals, 2).quantile(0.9, 0)).toBeCloseTo(expected, 6);
  });
});
