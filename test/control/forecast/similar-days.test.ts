import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { BinHistory } from "../../../src/control/forecast/bin-history.js";
import { seasonOf } from "../../../src/control/forecast/season.js";
import { SimilarDays } from "../../../src/control/forecast/similar-days.js";

const HOUR = 3_600_000;

function historyOf(bins: number, binMs: number, seed = "similar days"): BinHistory {
  const history = new BinHistory(0, binMs);
  const random = new RandomStream(seed);
  for (let t = 0; t < bins; t++) {
    const day = Math.floor((t * binMs) / (24 * HOUR));
    const level = 100 + 20 * ((day * 3) % 5) + 40 * Math.sin((2 * Math.PI * t * binMs) / (24 * HOUR));
    history.append(level + 30 * random.uniform());
  }
  return history;
}

function fitted(model: SimilarDays, history: BinHistory): SimilarDays {
  model.restore(history, model.learn(history, history.length));
  return model;
}

function forecasts(model: SimilarDays, history: BinHistory, end: number, leads: readonly number[]): number[] {
  const out = new Float64Array(leads.length);
  model.predict(history, end, Int32Array.from(leads), out);
  return [...out];
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Nadaraya's and Watson's average of the continuations of earlier days, from slices of values. */
function byTheKernel(history: BinHistory, end: number, leads: readonly number[]): number[] {
  const { dayBins, dayLag } = history.season;
  const y = [...history.values.data.subarray(0, history.length)];
  const half = Math.floor(dayBins / 128);
  const part = Math.max(1, Math.floor(dayBins / 16));
  const lookBack = Math.max(dayBins, 3 * part);
  const lags: number[] = [];
  for (let day = 1; end - day * dayLag - lookBack >= 1; day++) lags.push(Math.round(day * dayLag));
  const before = (to: number, bins: number): number => mean(y.slice(to - bins, to));
  const distances = lags.map((lag, j) => {
    const gaps: { square: number; weight: number }[] = [];
    for (let p = 0; p < 16 && end - p * part - lag - part >= 1; p++) {
      const gap = before(end - p * part, part) - before(end - p * part - lag, part);
      gaps.push({ square: gap * gap, weight: 1 / (1 + 0.15 * p) });
    }
    const mass = gaps.reduce((sum, { weight }) => sum + weight, 0);
    const square = gaps.reduce((sum, gap) => sum + gap.weight * gap.square, 0) / mass;
    return Math.sqrt(square) * ((j + 1) % 7 === 0 ? 0.7 : 1);
  });
  const width = [...distances].sort((a, b) => a - b)[2];
  const kernel = distances.map((distance) => Math.exp(-((distance / width) ** 2)));
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const averaged = (term: (lag: number) => number): number =>
    lags.reduce((sum, lag, j) => sum + (kernel[j] / total) * term(lag), 0);
  const shift = averaged((lag) => before(end, 3 * part) - before(end - lag, 3 * part));
  return leads.map((lead) => {
    const ahead = ((lead - 1) % dayBins) + 1;
    const usual = averaged((lag) => {
      const u = end - 1 + ahead - lag;
      return mean(y.slice(u - half, Math.min(u + half, end - 1) + 1));
    });
    // Half a day ahead 1/e of the difference is left.
    return usual + shift * Math.exp(-ahead / (dayBins / 2));
  });
}

const CASES = [
  { name: "hours", binMs: HOUR, days: 9 },
  { name: "six days of hours, four of them compared", binMs: HOUR, days: 6 },
  { name: "ten minutes, with a kernel over three of them", binMs: HOUR / 6, days: 10 },
  { name: "45 days of 2 hours", binMs: 2 * HOUR, days: 45 },
  { name: "1.7 hours, which do not divide the day", binMs: 1.7 * HOUR, days: 12 },
  { name: "12 hours, two a day", binMs: 12 * HOUR, days: 20 },
];

describe("a forecast from similar days", () => {
  it.each(CASES)("is the kernel's average of their continuations: $name", ({ binMs, days }) => {
    const history = historyOf(Math.ceil((days * 24 * HOUR) / binMs), binMs);
    const model = fitted(new SimilarDays("identity"), history);
    const { dayBins } = history.season;
    const leads = [1, 2, Math.ceil(dayBins / 2), dayBins, dayBins + 1, 2 * dayBins];
    for (const end of [history.length, history.length - 1, Math.max(6 * dayBins, history.length - dayBins + 1)]) {
      const expected = byTheKernel(history, end, leads);
      forecasts(model, history, end, leads).forEach((value, k) => {
        expect(Math.abs(value - expected[k]), `end ${end}, lead ${leads[k]}`).toBeLessThan(1e-5);
      });
    }
  });

  it("is the day itself where all days are equal", () => {
    const history = new BinHistory(0, HOUR);
    for (let t = 0; t < 24 * 7; t++) history.append(50 + (t % 24));
    const model = fitted(new SimilarDays("identity"), history);
    forecasts(model, history, 168, [1, 12, 24]).forEach((value, k) => {
      expect(value).toBeCloseTo([50, 61, 73][k], 9);
    });
  });

  it("follows a history that grows, is dropped at the beginning or is replaced", () => {
    const long = historyOf(24 * 12, HOUR);
    const short = new BinHistory(0, HOUR);
    for (let t = 0; t < 24 * 11; t++) short.append(long.values.data[t]);
    const model = new SimilarDays("identity");
    const parameters = model.learn(long, long.length);
    model.restore(short, parameters);
    expect(forecasts(model, short, short.length, [3])[0]).toBeCloseTo(byTheKernel(short, short.length, [3])[0], 5);
    for (let t = 24 * 11; t < 24 * 12; t++) {
      short.append(long.values.data[t]);
      model.extend(short);
    }
    expect(forecasts(model, short, 288, [3])[0]).toBeCloseTo(byTheKernel(long, 288, [3])[0], 5);
    short.dropFirst(24);
    model.dropFirst(24);
    for (let t = 0; t < 24; t++) short.append(99);
    model.extend(short);
    // The same end as before, of another past.
    expect(forecasts(model, short, 288, [3])[0]).toBeCloseTo(byTheKernel(short, 288, [3])[0], 5);
    const other = historyOf(288, HOUR, "another");
    model.restore(other, parameters);
    expect(forecasts(model, other, 288, [3])[0]).toBeCloseTo(byTheKernel(other, 288, [3])[0], 5);
  });

  it("averages logarithms of counts in the space of logarithms", () => {
    const history = historyOf(24 * 8, HOUR);
    const logarithms = new BinHistory(0, HOUR);
    const log = fitted(new SimilarDays("log"), history);
    const [offset] = log.learn(history, history.length);
    for (let t = 0; t < history.length; t++) logarithms.append(Math.log(history.values.data[t] + offset));
    const [expected] = byTheKernel(logarithms, logarithms.length, [4]);
    expect(forecasts(log, history, history.length, [4])[0]).toBeCloseTo(Math.exp(expected) - offset, 5);
  });

  it("needs six days, and a season of a day", () => {
    const model = new SimilarDays("sqrt");
    expect(model.name).toBe("similar-days-sqrt");
    expect(model.minimumBins(seasonOf(HOUR))).toBe(144);
    expect(model.minimumBins(seasonOf(24 * HOUR))).toBe(Number.POSITIVE_INFINITY);
  });
});
