import { describe, expect, it } from "vitest";
import { LeadRecord } from "../../../src/control/forecast/lead-record.js";
import { USUAL_ERRORS, usualError } from "../../../src/control/forecast/usual-errors.js";

const spread = (): number => 1;

/**
 * One record at a lead of one bin, with `issued` noted and judged against 100 this many times.
 */
function judged(usual: readonly number[], issued: readonly number[], times: number, weekly = [0]): LeadRecord {
  const isWeekly = Uint8Array.from(usual, (_, m) => weekly[m] ?? 0);
  const record = new LeadRecord(1, Float64Array.from(usual), isWeekly, 2016);
  for (let t = 0; t < times; t++) {
    record.note(t, Float64Array.from(issued), 1, 0, spread);
    record.mature(t, 100);
  }
  return record;
}

describe("the record of one lead", () => {
  it("weighs models by their usual errors before any forecast has matured", () => {
    const { weights } = judged([1, 1.25, 3], [], 0);
    // 1/MAE³ of 1 and 1.25, a tenth of the weight shared evenly; 3 is beyond the trim of 1.6.
    const share = 1 / (1 + 1 / 1.25 ** 3);
    expect(weights[0]).toBeCloseTo(0.05 + 0.9 * share, 6);
    expect(weights[1]).toBeCloseTo(0.05 + 0.9 * (1 - share), 6);
    expect(weights[2]).toBe(0);
  });

  it("gives a model without forecasts no more weight than by its usual error, whatever the others' errors", () => {
    // The first errs by 10, its usual error. A third, whose usual error is twice that, has issued
    // no forecast and is assumed to err by 20.
    const { weights } = judged([1, 1, 2], [110, 110, Number.NaN], 500);
    expect(weights[2]).toBe(0);
    expect(weights[0]).toBeCloseTo(0.5, 12);
  });

  it("weighs a model by its own errors alone once many forecasts have matured", () => {
    const { weights } = judged([1, 1.5], [140, 110], 2000);
    expect(weights[0]).toBe(0);
    expect(weights[1]).toBeCloseTo(1, 12);
  });

  it("gives a model that usually errs far more no weight until a week of forecasts is judged", () => {
    // The memory is a week of 2,016 bins. A replay of 2.3 days judges each twice: 1,325 bins.
    const shortly = judged([1, 1.7], [120, 101], 1325, [1, 0]);
    expect(shortly.isWeekJudged).toBe(false);
    expect([...shortly.weights]).toEqual([1, 0]);
    // A replay of a week judges 4,032 bins. The model errs least, so it gets the weight.
    const long = judged([1, 1.7], [120, 101], 4032, [1, 0]);
    expect(long.isWeekJudged).toBe(true);
    expect(long.weights[0]).toBe(0);
    expect(long.weights[1]).toBeCloseTo(1, 12);
  });

  it("does not limit usual errors while no model knows the day of the week", () => {
    const { weights } = judged([1, 1.7], [120, 101], 1325, [0, 0]);
    expect(weights[0]).toBe(0);
    expect(weights[1]).toBeCloseTo(1, 12);
  });

  it("compares usual errors among the models that forecast", () => {
    // The best by usual error does not forecast: the two others are within 1.6 of each other.
    const { weights } = judged([1, 1.7, 2], [Number.NaN, 110, 110], 500, [0, 1, 0]);
    expect(weights[0]).toBe(0);
    expect(weights[1]).toBeGreaterThan(0);
    expect(weights[2]).toBeGreaterThan(0);
  });

  it("mixes the usual with a model's own errors as 10 independent forecasts would", () => {
    const { weights } = judged([1, 1], [110, 112], 10);
    // Own errors 10 and 12, their mean 11 is usual. The first bins fade a little (10 of 2,016),
    // hence the tolerance.
    const [a, b] = [(10 + 11) / 2, (12 + 11) / 2];
    expect(weights[0]).toBeCloseTo(0.05 + 0.9 * (1 / (1 + (a / b) ** 3)), 3);
  });

  it("gives each kind of model the weight of its best one while one kind has few judged forecasts", () => {
    // Four models that know the day, one that knows the week and has not been judged.
    const young = judged([1, 1, 1, 1, 1], [110, 110, 110, 110, Number.NaN], 20, [0, 0, 0, 0, 1]);
    young.note(20, Float64Array.of(110, 110, 110, 110, 110), 1, 0, spread);
    expect(young.weights[4]).toBeCloseTo(0.02 + 0.9 * 0.5, 9);
    // All judged 2,000 times: each counts separately.
    const old = judged([1, 1, 1, 1, 1], [110, 110, 110, 110, 110], 5000, [0, 0, 0, 0, 1]);
    expect(old.weights[4]).toBeCloseTo(0.2, 2);
  });

  it("gives models that do not forecast no weight, and theirs to the others", () => {
    const { weights } = judged([1, 1, 1], [110, 110, Number.NaN], 5);
    expect([...weights].map((weight) => Number(weight.toFixed(9)))).toEqual([0.5, 0.5, 0]);
  });

  it("restores everything that it saved", () => {
    const usual = [1, 1.3];
    const record = judged(usual, [104, 97], 40);
    const copy = new LeadRecord(1, Float64Array.from(usual), new Uint8Array(2), 2016);
    copy.load(record.save());
    for (const one of [record, copy]) {
      one.note(40, Float64Array.of(103, 99), 1, 0, spread);
      one.mature(40, 100);
    }
    expect([...copy.weights]).toEqual([...record.weights]);
    expect(copy.save()).toEqual(record.save());
  });
});

describe("usual errors", () => {
  it("lie between the knots by the logarithm of the lead, and stay beyond a day", () => {
    expect(usualError(USUAL_ERRORS, "last-value", 1, 288)).toBeCloseTo(1.46, 12);
    expect(usualError(USUAL_ERRORS, "last-value", 288, 288)).toBeCloseTo(2.08, 12);
    expect(usualError(USUAL_ERRORS, "last-value", 2000, 288)).toBeCloseTo(2.08, 12);
    const middle = usualError(USUAL_ERRORS, "seasonal-naive-day", 3, 288);
    expect(middle).toBeGreaterThan(1.55);
    expect(middle).toBeLessThan(3.21);
  });

  it("are neutral for a model that is not in the table, and where bins make no day", () => {
    expect(usualError(USUAL_ERRORS, "of-my-own", 9, 288)).toBe(1);
    expect(usualError(USUAL_ERRORS, "last-value", 9, 0)).toBeCloseTo(1.46, 12);
  });
});
