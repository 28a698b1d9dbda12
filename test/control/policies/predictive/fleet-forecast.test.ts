import { describe, expect, it } from "vitest";
import { BINS_AHEAD, FleetForecast } from "../../../../src/control/policies/predictive/fleet-forecast.js";
import type { Forecaster, Series } from "../../../../src/ports/forecaster.js";
import type { ArrivalHistory } from "../../../../src/ports/policy.js";

const HOUR = 3_600_000;
const POOLS = [
  { name: "large", region: "eu", slots: 1, min: 0, max: 10 },
  { name: "small", region: "us", slots: 1, min: 0, max: 10 },
];

/** Notes each series that gets a forecaster, what it is fitted to and what follows. */
class NotedForecasters {
  readonly made: string[] = [];
  readonly fitted = new Map<string, Series>();
  readonly updates = new Map<string, number[]>();
  readonly asked: (readonly [series: string, bins: number, levels: readonly number[] | undefined])[] = [];

  readonly make = (series: string): Forecaster => {
    this.made.push(series);
    this.updates.set(series, []);
    return {
      name: series,
      fit: (past) => this.fitted.set(series, past),
      update: (bin) => this.updates.get(series)?.push(bin),
      forecast: (bins, levels) => {
        this.asked.push([series, bins, levels]);
        const row = new Float64Array(bins).fill(60);
        return { mean: row, levels: levels ?? [], quantiles: (levels ?? []).map(() => row) };
      },
    };
  };
}

/** The arrivals per bin of both pools; the first bin began two hours before t=0. */
function history(rows: readonly (readonly number[])[], length: number, binMs = HOUR): ArrivalHistory {
  return { binMs, originMs: -2 * HOUR, epochMs: 1e12, length, at: (pool, bin) => rows[pool][bin] };
}

describe("the arrival forecasts of a fleet", () => {
  const rows = [
    [10, 20, 30, 40, Number.NaN, 60],
    [1, 2, 3, 4, 5, 6],
  ];

  it("are fitted to each pool's own past, from the wall time of its first bin on", () => {
    const noted = new NotedForecasters();
    new FleetForecast(POOLS, noted.make, false).update(history(rows, 3));
    expect([...noted.fitted]).toEqual([
      ["large", { startMs: 1e12 - 2 * HOUR, binMs: HOUR, values: Float64Array.of(10, 20, 30) }],
      ["small", { startMs: 1e12 - 2 * HOUR, binMs: HOUR, values: Float64Array.of(1, 2, 3) }],
    ]);
  });

  it("take in each closed bin once, in order, without another fit", () => {
    const noted = new NotedForecasters();
    const fleet = new FleetForecast(POOLS, noted.make, false);
    for (const length of [1, 1, 2, 5, 5, 6]) fleet.update(history(rows, length));
    expect([...noted.updates]).toEqual([
      ["large", [20, 30, 40, Number.NaN, 60]],
      ["small", [2, 3, 4, 5, 6]],
    ]);
    expect(noted.made).toEqual(["large", "small"]);
  });

  it("may begin without any past", () => {
    const noted = new NotedForecasters();
    const fleet = new FleetForecast(POOLS, noted.make, false);
    for (const length of [0, 2]) fleet.update(history(rows, length));
    expect(noted.fitted.get("small")?.values).toEqual(new Float64Array(0));
    expect(noted.updates.get("small")).toEqual([1, 2]);
  });

  it("are asked for as many bins and levels as the caller wants", () => {
    const noted = new NotedForecasters();
    const fleet = new FleetForecast(POOLS, noted.make, false);
    fleet.update(history(rows, 1));
    fleet.forecast(1, 3, [0.5]);
    fleet.forecast(0, 12, []);
    expect(noted.asked).toEqual([
      ["small", 3, [0.5]],
      ["large", 12, []],
    ]);
    expect(BINS_AHEAD).toBe(12);
  });

  /** Sixty bins of 50 and 1 arrivals, then of 50 and 200. */
  const grown = [Array.from({ length: 200 }, () => 50), Array.from({ length: 200 }, (_, bin) => (bin < 60 ? 1 : 200))];

  it("share one where a pool has little traffic; without sharing each pool has its own", () => {
    const [shared, own] = [new NotedForecasters(), new NotedForecasters()];
    new FleetForecast(POOLS, shared.make, true).update(history(grown, 40));
    new FleetForecast(POOLS, own.make, false).update(history(grown, 40));
    expect([shared.made, own.made]).toEqual([
      ["large", "(all)"],
      ["large", "small"],
    ]);
  });

  it("share that of the region first", () => {
    const noted = new NotedForecasters();
    const pools = [...POOLS, { ...POOLS[1], name: "beside", region: "eu" }];
    new FleetForecast(pools, noted.make, true).update(history([grown[0], grown[0], grown[1]], 40));
    expect(noted.made).toEqual(["large", "small", "eu"]);
  });

  it("give a pool that has grown its own one at the end of the day, fitted to all that is known by then", () => {
    const noted = new NotedForecasters();
    const fleet = new FleetForecast(POOLS, noted.make, true);
    fleet.update(history(grown, 50));
    // One bin at a time up to the last of the third day, and several at once beyond it.
    for (let length = 51; length <= 71; length++) fleet.update(history(grown, length));
    expect(noted.made).toEqual(["large", "(all)"]);
    fleet.update(history(grown, 80));
    expect(noted.made).toEqual(["large", "(all)", "small"]);
    expect(noted.fitted.get("small")?.values).toEqual(Float64Array.from(grown[1].slice(0, 72)));
    expect(noted.updates.get("small")).toEqual(new Array(8).fill(200));
  });

  it.each([
    // 205.7 bins make a day; a bin of two days or more is reviewed by itself.
    ["of 7 minutes after each 206 of them", 7 * 60_000, 300, 412],
    ["of three days after each", 72 * HOUR, 3, 4],
  ])("are reviewed in bins %s", (_, binMs, from, reviewed) => {
    const late = [
      Array.from({ length: 500 }, () => 50),
      Array.from({ length: 500 }, (_, bin) => (bin < from ? 1 : 500)),
    ];
    const noted = new NotedForecasters();
    const fleet = new FleetForecast(POOLS, noted.make, true);
    for (let length = from; length < reviewed; length++) fleet.update(history(late, length, binMs));
    const before = noted.made.includes("small");
    fleet.update(history(late, reviewed, binMs));
    expect([before, noted.made.includes("small")]).toEqual([false, true]);
  });
});
