import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { LeadRecord } from "../../../src/control/forecast/lead-record.js";

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

  it("counts six forecasts at a lead of 20 bins as one independent one", () => {
    const record = new LeadRecord(20, Float64Array.of(1, 1), new Uint8Array(2), 1e12);
    for (let end = 0; end < 60; end++) {
      record.note(end, Float64Array.of(110, 112), 1, 0, spread);
      record.mature(end + 19, 100);
    }
    // Own errors 10 and 12, usual 11; 60 forecasts are worth 10, as much as the usual error.
    expect(record.expected[0]).toBeCloseTo((10 + 11) / 2, 9);
    expect(record.expected[1]).toBeCloseTo((12 + 11) / 2, 9);
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

/** What was noted for one bin. */
interface Noted {
  readonly issued: readonly number[];
  readonly point: number;
  readonly spread: number;
}

/** A record of lead 3 and memory 50 bins, beside a list of everything that happened. */
class Played {
  readonly usual = Float64Array.of(1, 1.2, 1.5);
  readonly record = new LeadRecord(3, this.usual, Uint8Array.of(0, 0, 1), 50);
  readonly judged: (Noted & { readonly value: number })[] = [];
  private readonly open = new Map<number, Noted>();
  private readonly random = new RandomStream("lead record");

  constructor(private readonly every = 1) {}

  /** Notes forecasts at each end of [from, to), and judges each bin then known. */
  run(from: number, to: number): void {
    for (let end = from; end < to; end++) {
      if (end % this.every === 0) this.note(end);
      const value = end % 11 === 5 ? Number.NaN : 40 + 20 * this.random.uniform();
      const noted = this.open.get(end);
      if (noted !== undefined && !Number.isNaN(value) && !Number.isNaN(noted.point))
        this.judged.push({ ...noted, value });
      this.record.mature(end, value, this.every);
    }
  }

  /** Model m's forecast is issued[2m + 1]; the third model has none before end 10 and at times. */
  private note(end: number): void {
    const { random } = this;
    const issued = [35, 45, 50].map((from) => from + 10 * random.uniform());
    if (end < 10 || end % 7 === 0) issued[2] = Number.NaN;
    if (end % 13 === 0) issued.fill(Number.NaN);
    const row = Float64Array.from({ length: 6 }, (_, i) => (i % 2 === 1 ? issued[(i - 1) / 2] : -7));
    this.record.note(end, row, 2, 1, (point) => point / 10);
    const { weights, isActive } = this.record;
    expect([...isActive]).toEqual(issued.map((value) => (value >= 0 ? 1 : 0)));
    const present = issued.flatMap((value, m) => (value >= 0 ? [m] : []));
    const mass = present.reduce((sum, m) => sum + weights[m], 0);
    const point = present.reduce((sum, m) => sum + weights[m] * issued[m], 0) / mass;
    this.open.set(end + 2, { issued, point: present.length === 0 ? Number.NaN : point, spread: point / 10 });
  }
}

/** Σ of the terms of all judged forecasts, the newest with weight 1, e⁻ᵉᵛᵉʳʸᐟ⁵⁰ each before it. */
function faded(judged: readonly unknown[], every: number, term: (i: number) => number): number {
  return judged.reduce<number>((sum, _, i) => sum + Math.exp((-every * (judged.length - 1 - i)) / 50) * term(i), 0);
}

describe("the record of a lead of three bins, compared with sums over a list of all forecasts", () => {
  it.each([1, 2])("has the expected errors and judged bins of each model, one forecast in %d recorded", (every) => {
    const played = new Played(every);
    played.run(0, 90);
    const { judged, usual, record } = played;
    expect(judged.length).toBeGreaterThan(60 / every);
    const level = (i: number): number => {
      const errors = judged[i].issued.flatMap((value, m) =>
        value >= 0 ? [Math.abs(judged[i].value - value) / usual[m]] : [],
      );
      return errors.reduce((sum, error) => sum + error, 0) / errors.length;
    };
    const mass = faded(judged, every, () => 1);
    // At lead 3 one bin is one independent forecast, since 0.3 × 3 < 1.
    const known = faded(judged, every, () => every);
    usual.forEach((ratio, m) => {
      const own = faded(judged, every, (i) => (judged[i].issued[m] >= 0 ? every : 0));
      const error = faded(judged, every, (i) => {
        const issued = judged[i].issued[m];
        return issued >= 0 ? Math.abs(judged[i].value - issued) : level(i) * ratio;
      });
      const usually = (faded(judged, every, level) / mass) * ratio;
      expect(record.own[m]).toBeCloseTo(own, 9);
      expect(record.expected[m]).toBeCloseTo((known * (error / mass) + 10 * usually) / (known + 10), 9);
    });
  });

  it("has the residuals of the combination, in units of the spread of their forecasts", () => {
    const played = new Played();
    played.run(0, 90);
    const residuals = [...played.record.residuals.inOrder()];
    expect(residuals).toHaveLength(played.judged.length);
    residuals.forEach((residual, i) => {
      const { value, point, spread } = played.judged[i];
      expect(residual).toBeCloseTo((value - point) / spread, 9);
    });
  });

  it("gives the same from a restored copy, at any later step", () => {
    const played = new Played(2);
    played.run(0, 60);
    const copy = new LeadRecord(3, played.usual, Uint8Array.of(0, 0, 1), 50);
    copy.load(played.record.save());
    expect(copy.save()).toEqual(played.record.save());
    expect(copy.isActive).toEqual(played.record.isActive);
    expect(copy.isWeekJudged).toBe(played.record.isWeekJudged);
    for (let end = 60; end < 90; end++) {
      for (const one of [played.record, copy]) {
        one.note(end, Float64Array.of(40, 50, end % 3 === 0 ? Number.NaN : 60), 1, 0, spread);
        one.mature(end, 45 + (end % 5), 2);
      }
      expect(copy.residuals.quantile(0.9, 2)).toBe(played.record.residuals.quantile(0.9, 2));
    }
    expect(copy.save()).toEqual(played.record.save());
  });
});

describe("a forecast in a record", () => {
  const usual = Float64Array.of(1);
  const recordOf = (lead: number): LeadRecord => new LeadRecord(lead, usual, new Uint8Array(1), 100);

  it("is judged once: a bin that is reported again changes nothing", () => {
    const record = recordOf(2);
    record.note(5, Float64Array.of(10), 1, 0, spread);
    record.mature(6, 13);
    const once = record.save();
    record.mature(6, 99);
    expect(record.save()).toEqual(once);
    expect([...record.residuals.inOrder()]).toEqual([3]);
  });

  it("is spent by an unknown bin, which is not judged", () => {
    const record = recordOf(2);
    const before = record.expected[0];
    record.note(5, Float64Array.of(10), 1, 0, spread);
    record.mature(6, Number.NaN);
    record.mature(6, 13);
    expect(record.residuals.size).toBe(0);
    expect(record.own[0]).toBe(0);
    expect(record.expected[0]).toBe(before);
  });

  it("of no model counts for nothing: the record stays without a forecast", () => {
    const record = recordOf(1);
    record.note(0, Float64Array.of(Number.NaN), 1, 0, () => Number.NaN);
    record.mature(0, 5);
    expect(record.residuals.size).toBe(0);
    // The spread of a missing forecast is 1.
    const saved = record.save();
    expect(saved[saved.length - 1]).toBe(1);
  });

  it("is of 0 requests as valid as any other", () => {
    const record = recordOf(1);
    record.note(0, Float64Array.of(0), 1, 0, spread);
    record.mature(0, 5);
    expect([...record.residuals.inOrder()]).toEqual([5]);
    expect([...record.isActive]).toEqual([1]);
    expect(record.own[0]).toBe(1);
  });

  it("is judged at any lead alike, whether or not its residual is kept", () => {
    const [kept, left] = [recordOf(3), recordOf(3)];
    for (let end = 0; end < 12; end++) {
      for (const record of [kept, left]) record.note(end, Float64Array.of(10 + (end % 5)), 1, 0, spread);
      kept.mature(end, 12);
      left.matureModels(end, 12, 1);
    }
    for (const record of [kept, left]) record.startResidualsAnew();
    expect(left.save()).toEqual(kept.save());
    expect(left.own[0]).toBeGreaterThan(9);
  });

  it("leaves an error but no residual where only the models are judged, and weights once residuals start anew", () => {
    const record = new LeadRecord(1, Float64Array.of(1, 1), new Uint8Array(2), 100);
    for (let t = 0; t < 50; t++) {
      record.note(t, Float64Array.of(9, 14), 1, 0, spread);
      record.matureModels(t, 10, 1);
    }
    expect(record.residuals.size).toBe(0);
    expect([...record.weights]).toEqual([0.5, 0.5]);
    record.mature(50, 10);
    record.note(51, Float64Array.of(9, 14), 1, 0, spread);
    record.startResidualsAnew();
    // Errors of 1 and 4: beyond the trim.
    expect(record.weights[0]).toBeCloseTo(1, 9);
    expect(record.weights[1]).toBe(0);
    record.mature(51, 10);
    expect(record.residuals.size).toBe(0);
  });
});
