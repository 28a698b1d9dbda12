import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import { Additive } from "../../../src/control/forecast/additive.js";
import { BinHistory } from "../../../src/control/forecast/bin-history.js";
import { EventCalendar } from "../../../src/control/forecast/calendar-events.js";
import { DirectRidge } from "../../../src/control/forecast/direct-ridge.js";
import { DoubleSeasonal } from "../../../src/control/forecast/double-seasonal.js";
import type { PointModel } from "../../../src/control/forecast/point-model.js";
import { ProfileAr } from "../../../src/control/forecast/profile-ar.js";
import { SeasonalNaive } from "../../../src/control/forecast/seasonal-naive.js";
import { SimilarDays } from "../../../src/control/forecast/similar-days.js";
import { Theta } from "../../../src/control/forecast/theta.js";

const HOUR = 3_600_000;

function historyOf(values: ArrayLike<number>, binMs = HOUR): BinHistory {
  const history = new BinHistory(0, binMs);
  for (let i = 0; i < values.length; i++) history.append(values[i]);
  return history;
}

function fitted<T extends PointModel>(model: T, history: BinHistory, end = history.length): T {
  model.restore(history, model.learn(history, end));
  return model;
}

function forecasts(model: PointModel, history: BinHistory, leads: number[], end = history.length): number[] {
  const out = new Float64Array(leads.length);
  model.predict(history, end, Int32Array.from(leads), out);
  return [...out];
}

/** Hourly counts with a day's and a week's rhythm, growing slowly, without noise. */
function rhythm(bins: number): Float64Array {
  return Float64Array.from(
    { length: bins },
    (_, i) => 200 + 100 * Math.sin((2 * Math.PI * i) / 24) + (Math.floor(i / 24) % 7 >= 5 ? -60 : 0),
  );
}

describe("double-seasonal Holt–Winters", () => {
  it("follows Taylor's recursions as computed by hand", () => {
    // 12-hour bins: a day is 2 bins, a week 14. Gains are handed in, so the recursion alone is
    // tested.
    const y = Array.from({ length: 20 }, (_, i) => [10, 30][i % 2] + (i % 5));
    const history = historyOf(y, 12 * HOUR);
    const model = new DoubleSeasonal("identity");
    const [alpha, delta, omega, phi] = [0.2, 0.3, 0.4, 0.5];
    model.restore(history, Float64Array.of(0, 1e9, alpha, delta, omega, phi));
    // By hand: level l, day d, week w, error e = value − (level and seasons), which changes all
    // three.
    const l: number[] = [];
    const d: number[] = [];
    const w: number[] = [];
    const e: number[] = [];
    for (let t = 0; t < y.length; t++) {
      const level = t === 0 ? y[0] : l[t - 1];
      const day = t < 2 ? 0 : d[t - 2];
      const week = t < 14 ? 0 : w[t - 14];
      const off = y[t] - level - day - week;
      l.push(level + alpha * off);
      // The first day sets the day, the rest of the first week what it differs by.
      d.push(t < 2 ? off : t < 14 ? day : day + delta * off);
      w.push(t < 2 ? 0 : t < 14 ? off : week + omega * off);
      e.push(t < 2 ? 0 : off);
    }
    const expected = [1, 2, 3].map((k) => l[19] + d[18 + ((k - 1) % 2)] + w[6 + ((k - 1) % 14)] + e[19] * phi ** k);
    forecasts(model, history, [1, 2, 3]).forEach((value, k) => {
      expect(value).toBeCloseTo(expected[k], 9);
    });
  });

  it("learns a rhythm of days and weeks: over a Monday it errs on average by less than 5 % of the swing of 260", () => {
    const values = rhythm(24 * 43);
    const history = historyOf(values.subarray(0, 24 * 42));
    const model = fitted(new DoubleSeasonal("identity"), history);
    const leads = Array.from({ length: 24 }, (_, i) => i + 1);
    const errors = forecasts(model, history, leads).map((value, k) => Math.abs(value - values[24 * 42 + k]));
    // Sunday is 60 lower: a model of days alone would err by 60.
    expect(errors.reduce((sum, error) => sum + error, 0) / 24).toBeLessThan(13);
  });
});

describe("theta", () => {
  it("is exponential smoothing plus half the drift of the season, by the formula of Hyndman and Billah", () => {
    const y = Array.from({ length: 24 * 5 }, (_, i) => 100 + (i % 24) + 0.5 * i);
    const history = historyOf(y);
    const model = new Theta("day");
    const [gain, drift] = [0.3, 0.25];
    model.restore(history, Float64Array.of(0, 1e9, gain, drift));
    // The profile is about the even mean of the first four days, then moves by a quarter;
    // deviations are smoothed by the gain.
    const profile: number[] = [];
    y.forEach((value, t) => {
      const before = profile[t - 24];
      profile.push(
        t < 24
          ? value
          : before + Math.max(0.25, 1 / (Math.floor(t / 24) + Math.min(1, (8 * (t % 24)) / 24))) * (value - before),
      );
    });
    let level = 0;
    y.forEach((value, t) => {
      const off = t < 24 ? 0 : value - profile[t - 24];
      level += gain * (off - level);
    });
    const expected = [1, 5].map((lead) => profile[y.length - 1 + lead - 24] + level + drift * lead);
    forecasts(model, history, [1, 5]).forEach((value, k) => {
      expect(value).toBeCloseTo(expected[k], 9);
    });
  });

  it("has no step at the hour at which the history began: it meets the bin after six days that grow by a fifth", () => {
    const day = 24;
    const y = Array.from(
      { length: 6 * day + 1 },
      (_, t) => 100 + (20 * t) / day + 10 * Math.sin((2 * Math.PI * t) / day),
    );
    const history = historyOf(y.slice(0, 6 * day));
    const [next] = forecasts(fitted(new Theta("day"), history), history, [1]);
    // The growth per bin is 0.83. With the step the forecast was 11 too high.
    expect(Math.abs(next - y[6 * day])).toBeLessThan(2);
  });

  it("without a season is simple exponential smoothing: (1 − α)ⁱ weights", () => {
    const history = historyOf([10, 20, 40]);
    const model = new Theta("none");
    model.restore(history, Float64Array.of(0, 1e9, 0.5, 0));
    expect(forecasts(model, history, [1, 7])).toEqual([27.5, 27.5]);
  });
});

describe("the seasonal naive", () => {
  it("repeats the last day, over and over", () => {
    const history = historyOf(Array.from({ length: 48 }, (_, i) => i));
    expect(forecasts(new SeasonalNaive("day"), history, [1, 24, 25])).toEqual([24, 47, 24]);
  });
});

describe("profile + AR", () => {
  it("carries a deviation on and lets it fade at the rate of the process: AR(1) with φ = 0.8", () => {
    const random = new RandomStream("ar");
    let off = 0;
    const y = Array.from({ length: 24 * 60 }, (_, i) => {
      off = 0.8 * off + 4 * random.normal();
      return 300 + 100 * Math.sin((2 * Math.PI * i) / 24) + off;
    });
    for (let i = y.length - 3; i < y.length; i++) y[i] += 60;
    const history = historyOf(y);
    const model = fitted(new ProfileAr("identity", "day"), history);
    const [one, six, day] = forecasts(model, history, [1, 6, 24]).map(
      (value, k) => value - 300 - 100 * Math.sin((2 * Math.PI * (y.length - 1 + [1, 6, 24][k])) / 24),
    );
    // 60 × 0.8 = 48 at the next bin, 60 × 0.8⁶ = 16 six bins ahead; the profile is known to ± 3,
    // the coefficients to ± 0.03.
    expect(one).toBeGreaterThan(35);
    expect(six).toBeGreaterThan(4);
    expect(six).toBeLessThan(0.6 * one);
    expect(Math.abs(day)).toBeLessThan(12);
  });
});

describe("similar days", () => {
  it("finds the days that were like the last one: a regime of every third day goes on as it did before", () => {
    const y = Array.from({ length: 24 * 28 }, (_, i) => (Math.floor(i / 24) % 3 === 0 ? 300 : 100) + (i % 24));
    // The last day, number 27, is of the high kind; what follows such a day is a low one.
    const history = historyOf(y);
    const model = fitted(new SimilarDays("identity"), history);
    const late = forecasts(model, history, [24])[0];
    expect(Math.abs(late - 123)).toBeLessThan(30);
  });
});

describe("the direct ridge", () => {
  it("extrapolates a noiseless rhythm of days and weeks to within 3 % of the swing, in each space", () => {
    const values = rhythm(24 * 43);
    const history = historyOf(values.subarray(0, 24 * 42));
    for (const space of ["identity", "sqrt", "log"] as const) {
      const model = fitted(new DirectRidge(space, "week"), history);
      const leads = Array.from({ length: 24 }, (_, i) => i + 1);
      forecasts(model, history, leads).forEach((value, k) => {
        expect(Math.abs(value - values[24 * 42 + k])).toBeLessThan(6);
      });
    }
  });
});

describe("the additive model", () => {
  const DAY_MS = 24 * HOUR;

  it("multiplies its forecast by a known event, and divides the history by it", () => {
    const plain = rhythm(24 * 30);
    const event = { name: "final", startMs: 20 * DAY_MS, endMs: 20 * DAY_MS + 3 * HOUR, multiplier: 5 };
    const next = { name: "final", startMs: 28 * DAY_MS, endMs: 28 * DAY_MS + 3 * HOUR, multiplier: 5 };
    const seen = plain.slice(0, 24 * 28).map((value, t) => (t >= 480 && t < 483 ? 5 * value : value));
    const history = historyOf(seen);
    const model = fitted(new Additive(new EventCalendar([event, next])), history);
    const calm = fitted(new Additive(), historyOf(plain.subarray(0, 24 * 28)));
    const leads = [1, 2, 3, 4];
    const usual = forecasts(calm, history, leads);
    forecasts(model, history, leads).forEach((value, k) => {
      expect(value / usual[k]).toBeCloseTo(k < 3 ? 5 : 1, 2);
    });
  });

  it("learns the effect of a holiday from earlier holidays of its name", () => {
    const holiday = (day: number) => ({ name: "feast", startMs: day * DAY_MS, endMs: (day + 1) * DAY_MS });
    const days = [6, 13, 22, 28];
    const values = rhythm(24 * 29).map((value, t) => (days.includes(Math.floor(t / 24)) ? 0.5 * value : value));
    const history = historyOf(values.subarray(0, 24 * 28));
    const model = fitted(new Additive(new EventCalendar(days.map(holiday))), history);
    const leads = Array.from({ length: 24 }, (_, i) => i + 1);
    const sum = forecasts(model, history, leads).reduce((a, b) => a + b, 0);
    const truth = values.subarray(24 * 28).reduce((a, b) => a + b, 0);
    expect(sum / truth).toBeGreaterThan(0.85);
    expect(sum / truth).toBeLessThan(1.15);
  });
});
