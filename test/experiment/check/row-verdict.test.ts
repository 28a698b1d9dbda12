import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { mean } from "../../../src/base/statistics.js";
import type { MetricFigures } from "../../../src/experiment/check/figures.js";
import { judgeRows, type RowEvidence, type RowVerdict, verdictOf } from "../../../src/experiment/check/row-verdict.js";

const ALPHA = 0.01;

function figures(values: readonly number[]): MetricFigures {
  return { mean: mean(values), halfWidth: 0.001, values };
}

function row(before: readonly number[], now: readonly number[], change: Partial<RowEvidence> = {}): RowEvidence {
  return {
    before: figures(before),
    now: figures(now),
    tolerance: { kind: "relative", share: 0.01 },
    lowerIsBetter: true,
    sameDecisions: false,
    step: 0,
    noise: undefined,
    ...change,
  };
}

const costs = [100, 104, 97, 103, 99, 101, 98, 102, 100, 96];
const shifted = (by: number, scatter = 0.1): number[] =>
  costs.map((cost, r) => cost + by + scatter * (r % 2 === 0 ? 1 : -1));

describe("the verdict of a row", () => {
  it("is identical only where decisions and figures are the same", () => {
    const [identical, same] = judgeRows([row(costs, costs, { sameDecisions: true }), row(costs, costs)], ALPHA);
    expect([identical.verdict, same.verdict]).toEqual(["identical", "same"]);
    expect([identical.delta, identical.halfWidth, identical.p, identical.needs]).toEqual([0, 0, 1, null]);
  });

  it("gives no verdict on a percentile that is only a lower bound, unless all decisions are the same", () => {
    const bound = (values: readonly number[]): MetricFigures => ({
      ...figures(values),
      halfWidth: null,
      atLeast: true,
    });
    const judged = judgeRows(
      [
        row(costs, [], { now: bound(shifted(50)) }),
        row([], costs, { before: bound(costs) }),
        row([], [], { before: bound(costs), now: bound(costs), sameDecisions: true }),
        row(costs, shifted(3)),
      ],
      ALPHA,
    );
    expect(judged.map(({ verdict }) => verdict)).toEqual(["cannot-tell", "cannot-tell", "identical", "regressed"]);
    expect([judged[0].delta, judged[0].needs]).toEqual([expect.closeTo(50, 9), null]);
  });

  it("tests a ratio or a percentile by its parts, and not by the pseudo-values of its difference", () => {
    const parts = Float64Array.from(costs, (_, r) => (r % 2 === 0 ? 1 : -1));
    const [judged] = judgeRows([row(costs, shifted(3), { parts })], ALPHA);
    expect([judged.verdict, judged.p, judged.delta]).toEqual(["cannot-tell", 1, expect.closeTo(3, 9)]);
    // What rounding gives has no part in the test of the others.
    const noise = costs.map(() => 1e-15);
    const [same, other] = judgeRows(
      [row(costs, costs, { parts: Float64Array.from(noise) }), row(costs, shifted(3))],
      1,
    );
    expect([same.p, other.p]).toEqual([1, judgeRows([row(costs, shifted(3))], 1)[0].p]);
  });

  it("is regressed or improved where the change is shown and above the tolerance, by the metric's direction", () => {
    expect(judgeRows([row(costs, shifted(3))], ALPHA)[0].verdict).toBe("regressed");
    expect(judgeRows([row(costs, shifted(-3))], ALPHA)[0].verdict).toBe("improved");
    expect(judgeRows([row(costs, shifted(-3), { lowerIsBetter: false })], ALPHA)[0].verdict).toBe("regressed");
  });

  it("is same where the whole interval lies within the tolerance, though the change is shown", () => {
    const [judged] = judgeRows([row(costs, shifted(0.5, 0.01))], ALPHA);
    expect(judged.p).toBeLessThanOrEqual(ALPHA);
    expect([judged.verdict, judged.tolerance]).toEqual(["same", expect.closeTo(1, 9)]);
  });

  it("has an interval that is widened by the metric's step, as a comparison has", () => {
    const counts = [4, 5, 3, 6, 4, 5, 4, 3, 5, 4];
    const more = counts.map((count) => count + 1);
    const [plain, stepped] = judgeRows([row(counts, more), row(counts, more, { step: 1 })], ALPHA);
    // t(9, 97.5 %) = 2.2622 times √(1²/6/10); two equal differences alone would give 0.
    expect([plain.halfWidth, stepped.halfWidth]).toEqual([0, expect.closeTo(2.2622 / Math.sqrt(60), 4)]);
    const tolerance = { kind: "absolute", amount: 1.1 } as const;
    const [within] = judgeRows([row(counts, more, { step: 1, tolerance })], ALPHA);
    expect(within.verdict).toBe("cannot-tell");
  });

  it("cannot tell where noise hides the change, and says how many replications it would take", () => {
    const [judged] = judgeRows([row(costs, shifted(0.9, 2))], ALPHA);
    expect(judged.verdict).toBe("cannot-tell");
    expect(judged.needs).toBeGreaterThan(10);
  });

  it("cannot tell with so few replications that no p reaches alpha, and asks for enough", () => {
    const [judged] = judgeRows([row(costs.slice(0, 4), shifted(5).slice(0, 4))], ALPHA);
    expect(judged.verdict).toBe("cannot-tell");
    expect(judged.needs).toBeGreaterThanOrEqual(8);
  });

  it("judges a metric whose baseline is 0 by an absolute tolerance only", () => {
    const zeros = costs.map(() => 0);
    const ones = costs.map((_, r) => 1 + 0.01 * r);
    expect(judgeRows([row(zeros, ones)], ALPHA)[0]).toMatchObject({ verdict: "regressed", sees: null });
    const absolute = { kind: "absolute", amount: 2 } as const;
    expect(judgeRows([row(zeros, ones, { tolerance: absolute })], ALPHA)[0].verdict).toBe("same");
  });

  it("fails an unchanged law over 20 noisy rows in at most alpha of the gates (exact 99.9 % bound)", () => {
    const random = new RandomStream("null gates");
    let failed = 0;
    const gates = 500;
    for (let gate = 0; gate < gates; gate++) {
      const rows = Array.from({ length: 20 }, () => {
        const values = costs.map(() => 100 + random.normal());
        const law = values.map((value) => value + random.normal());
        return row(values, law, { tolerance: { kind: "absolute", amount: 0 } });
      });
      if (judgeRows(rows, ALPHA).some(({ verdict }) => verdict === "regressed" || verdict === "improved")) failed++;
    }
    // P(Bin(500, 0.01) > 13) < 0.001.
    expect(failed).toBeLessThanOrEqual(13);
  });

  it("takes rows of different numbers of replications together", () => {
    const judged = judgeRows([row(costs, shifted(3)), row(costs.slice(0, 9), shifted(3).slice(0, 9))], ALPHA);
    expect(judged.map(({ verdict }) => verdict)).toEqual(["regressed", "regressed"]);
  });

  it("sees less the more noise there is: the measured one where nothing changed, else that of the differences", () => {
    const tolerance = { kind: "absolute", amount: 0 } as const;
    const sees = (evidence: RowEvidence): number =>
      judgeRows([{ ...evidence, tolerance }], ALPHA)[0].sees ?? Number.NaN;
    expect(sees(row(costs, costs, { noise: 1 })) / sees(row(costs, costs, { noise: 0.5 }))).toBeCloseTo(2, 9);
    expect(sees(row(costs, shifted(3, 0.5)))).toBeLessThan(sees(row(costs, costs)));
  });

  it("sees a change of a count only beyond its step, which widens its interval", () => {
    const [judged] = judgeRows(
      [row(costs, shifted(3, 0), { step: 1, tolerance: { kind: "absolute", amount: 0 } })],
      ALPHA,
    );
    // (t(9, 99.5 %) + t(9, 80 %)) · √(1²/6/10), of 100; without the step it is 0.
    expect(judged.sees).toBeCloseTo(((3.2498 + 0.8834) * Math.sqrt(1 / 60)) / 100, 5);
  });

  it("sees no change within the tolerance, which is no regression", () => {
    const [judged] = judgeRows([row(costs, shifted(3, 0.1), { tolerance: { kind: "relative", share: 0.05 } })], ALPHA);
    // Tolerance + t(9, 80 %) · s/√n: in 80 % of cases the change that is seen lies beyond it.
    expect(judged.sees).toBeCloseTo(0.05 + (0.8834 * 0.1054) / Math.sqrt(10) / 100, 4);
  });

  it("sees nothing where its replications are too few for any p to reach alpha", () => {
    expect(judgeRows([row(costs.slice(0, 7), shifted(5).slice(0, 7))], ALPHA)[0].sees).toBeNull();
    expect(judgeRows([row(costs.slice(0, 8), shifted(5).slice(0, 8))], ALPHA)[0].sees).toBeGreaterThan(0);
  });
});

describe("the verdict of a gate", () => {
  it.each<[RowVerdict[], RowVerdict]>([
    [["identical", "identical"], "identical"],
    [["identical", "same"], "same"],
    [["same", "improved"], "improved"],
    [["improved", "cannot-tell"], "cannot-tell"],
    [["cannot-tell", "regressed", "improved"], "regressed"],
  ])("of %j is %s", (rows, verdict) => {
    expect(verdictOf(rows)).toBe(verdict);
  });
});
