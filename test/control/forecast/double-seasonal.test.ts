import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/base/random.js";
import type { BinHistory } from "../../../src/control/forecast/bin-history.js";
import type { CountSpace } from "../../../src/control/forecast/count-space.js";
import { DoubleSeasonal } from "../../../src/control/forecast/double-seasonal.js";
import { seasonOf } from "../../../src/control/forecast/season.js";
import { fitted, forecasts } from "./fitted-model.js";
import { HOUR, historyOf, MINUTE, scatteredCounts } from "./known-histories.js";
import { distance, plainScale } from "./plain-model.js";
import { leastBins } from "./point-model-checks.js";

/** A value between two bins. */
function between(row: readonly number[], at: number): number {
  const low = Math.floor(at);
  return at === low ? row[low] : row[low] + (at - low) * (row[low + 1] - row[low]);
}

/** Taylor's recursions over the whole series, with the loss that the gains minimise. */
function plainRun(z: readonly number[], dayLag: number, weekLag: number, gains: readonly number[]) {
  const [alpha, delta, omega, phi] = gains;
  const ahead = Math.max(2, Math.floor(Math.round(dayLag) / 8));
  const [l, d, w, e]: number[][] = [[], [], [], []];
  let loss = 0;
  z.forEach((value, t) => {
    const level = t === 0 ? value : l[t - 1];
    const day = t < dayLag ? 0 : between(d, t - dayLag);
    const week = t < weekLag ? 0 : between(w, t - weekLag);
    const off = value - level - day - week;
    if (t >= weekLag) {
      const fade = Math.max(phi, 1e-9) ** ahead;
      loss += Math.abs(off - phi * e[t - 1]);
      loss += Math.abs(value - l[t - ahead] - day - week - fade * e[t - ahead]);
    }
    l.push(level + alpha * off);
    d.push(t < dayLag ? off : t < weekLag ? day : day + delta * off);
    w.push(t < dayLag ? 0 : t < weekLag ? off : week + omega * off);
    e.push(t < dayLag ? 0 : off);
  });
  const forecast = (lead: number): number => {
    const u = z.length - 1 + lead;
    const back = (row: readonly number[], lag: number): number => {
      let at = u - lag;
      while (Math.ceil(at) >= z.length) at -= lag;
      return between(row, at);
    };
    return l[z.length - 1] + back(d, dayLag) + back(w, weekLag) + Math.max(phi, 1e-9) ** lead * e[z.length - 1];
  };
  return { loss, forecast };
}

/** The gains by a search in turn, from the published start. */
function plainGains(z: readonly number[], dayLag: number, weekLag: number): number[] {
  const best = [0.01, 0.15, 0.15, 0.6];
  const candidates = [
    [0.003, 0.01, 0.03, 0.1],
    [0.05, 0.15, 0.35],
    [0.05, 0.15, 0.35],
    [0, 0.3, 0.6, 0.85],
  ];
  let least = plainRun(z, dayLag, weekLag, best).loss;
  candidates.forEach((values, which) => {
    for (const value of values) {
      const { loss } = plainRun(z, dayLag, weekLag, best.with(which, value));
      if (loss < least) [best[which], least] = [value, loss];
    }
  });
  return best;
}

function spaced(space: CountSpace, history: BinHistory, end: number): number[] {
  const { into } = plainScale(space, history.values.data, end);
  return Array.from(history.values.data.subarray(0, end), into);
}

describe("double-seasonal Holt–Winters", () => {
  it.each([
    ["half days", "identity", 12 * HOUR, 60],
    ["two hours, by logarithms", "log", 2 * HOUR, 12 * 20],
    ["hours, by roots", "sqrt", HOUR, 24 * 15],
    // A day is 36.9 bins of 39 min and a week 258.5: between bins is interpolated.
    ["39 minutes", "identity", 39 * MINUTE, 500],
  ] as const)("finds the gains and makes the forecasts of a plain search, in bins of %s", (_, space, binMs, end) => {
    const { dayLag, weekLag } = seasonOf(binMs);
    const history = historyOf(scatteredCounts(`holt ${binMs}`, end + 9, dayLag, true), binMs);
    const parameters = new DoubleSeasonal(space).learn(history, end);
    const { offset, ceiling, from } = plainScale(space, history.values.data, end);
    const z = spaced(space, history, end);
    const gains = plainGains(z, dayLag, weekLag);
    expect(distance(parameters, [offset, ceiling, ...gains])).toBeLessThan(1e-12);
    const model = new DoubleSeasonal(space);
    model.restore(history, parameters);
    const leads = [1, 2, 3, 10, Math.ceil(dayLag), Math.ceil(dayLag) + 1, 2 * Math.ceil(weekLag)];
    const { forecast } = plainRun(z, dayLag, weekLag, gains);
    expect(
      distance(
        forecasts(model, history, leads, end),
        leads.map((lead) => from(forecast(lead))),
      ),
    ).toBeLessThan(1e-9);
  });

  it.each([[[0.1, 0.05, 0.35, 0]], [[0.003, 0.35, 0.05, 0.85]]])(
    "follows the recursions with the gains %j",
    (gains) => {
      const history = historyOf(scatteredCounts("gains", 24 * 16, 24));
      const model = new DoubleSeasonal("identity");
      model.restore(history, Float64Array.of(0, 1e9, ...gains));
      const { forecast } = plainRun(spaced("identity", history, history.length), 24, 168, gains);
      expect(distance(forecasts(model, history, [1, 2, 24, 200]), [1, 2, 24, 200].map(forecast))).toBeLessThan(1e-9);
    },
  );

  it("finds the gains of a plain search where an error carries over for days", () => {
    for (let series = 1; series <= 5; series++) {
      const random = new RandomStream(`carry ${series}`);
      let off = 0;
      const counts = Array.from({ length: 60 }, (_, t) => {
        off = 0.8 * off + 30 * random.normal();
        return Math.max(0, Math.round(200 + (t % 2) * 80 + off));
      });
      const gains = new DoubleSeasonal("identity").learn(historyOf(counts, 12 * HOUR), 60).subarray(2);
      expect([...gains]).toEqual(plainGains(counts, 2, 14));
    }
  });

  it("goes on bin by bin as it would have from the start, and forgets the first bins without effect", () => {
    const counts = scatteredCounts("extended", 24 * 20, 24);
    const history = historyOf(counts.slice(0, 24 * 15));
    const model = fitted(new DoubleSeasonal("sqrt"), history);
    const parameters = model.learn(history, history.length);
    model.restore(history, parameters);
    for (const count of counts.slice(24 * 15)) {
      history.append(count);
      model.extend(history);
    }
    const whole = new DoubleSeasonal("sqrt");
    whole.restore(history, parameters);
    const wanted = forecasts(whole, history, [1, 30, 170]);
    expect(forecasts(model, history, [1, 30, 170])).toEqual(wanted);
    history.dropFirst(100);
    model.dropFirst(100);
    expect(forecasts(model, history, [1, 30, 170])).toEqual(wanted);
    history.append(111);
    model.extend(history);
    const later = historyOf([...counts, 111]);
    whole.restore(later, parameters);
    expect(forecasts(model, history, [1, 30, 170])).toEqual(forecasts(whole, later, [1, 30, 170]));
  });

  it("needs a week and a day of bins, and bins that make a day", () => {
    const model = new DoubleSeasonal("log");
    const bins = leastBins(model);
    // 258.5 and 36.9 bins of 39 min, each rounded up.
    expect(bins).toEqual([192, 259 + 37, Number.POSITIVE_INFINITY]);
    expect([model.name, model.isWeekly]).toEqual(["holt-winters-log", true]);
  });
});
