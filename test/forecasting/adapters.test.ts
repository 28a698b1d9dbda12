import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { BinHistory } from "../../src/control/forecast/bin-history.js";
import { openForecaster } from "../../src/forecasting/catalogue.js";
import { countryHolidays } from "../../src/forecasting/country-holidays.js";
import { readEvents } from "../../src/forecasting/event-file.js";
import { loadAugurs, SeasonalTrend } from "../../src/forecasting/seasonal-trend.js";

const HOUR = 3_600_000;

describe("MSTL + ETS through augurs", () => {
  it("continues a rhythm of days and weeks, and follows a new level between refits", async () => {
    const value = (t: number): number =>
      500 + 100 * Math.sin((2 * Math.PI * t) / 24) - (Math.floor(t / 24) % 7 >= 5 ? 80 : 0);
    const history = new BinHistory(0, HOUR);
    for (let t = 0; t < 24 * 28; t++) history.append(value(t));
    const model = new SeasonalTrend(await loadAugurs());
    model.restore(history, model.learn(history, history.length));
    const out = new Float64Array(1);
    model.predict(history, history.length, Int32Array.of(6), out);
    expect(Math.abs(out[0] - value(24 * 28 + 5))).toBeLessThan(20);
    for (let t = 24 * 28; t < 24 * 30; t++) {
      history.append(value(t) + 200);
      model.extend(history);
    }
    model.predict(history, history.length, Int32Array.of(1), out);
    expect(Math.abs(out[0] - value(24 * 30) - 200)).toBeLessThan(40);
  });

  it("is a forecaster like any other: cold start, zeros and unknown bins end in numbers", async () => {
    const { make } = await openForecaster("mstl-ets");
    for (const values of [[], [1], new Array(24 * 5).fill(0), new Array(24 * 5).fill(Number.NaN)]) {
      const forecaster = make();
      forecaster.fit({ startMs: 0, binMs: HOUR, values: Float64Array.from(values) });
      forecaster.update(3);
      const { quantiles } = forecaster.forecast(5);
      expect(quantiles.flatMap((row) => [...row]).every((one) => Number.isFinite(one) && one >= 0)).toBe(true);
    }
  });
});

describe("holidays of a country", () => {
  const at = (text: string): number => Date.parse(text);

  it("begin at the country's own midnight, each by name and as a public holiday", async () => {
    const events = await countryHolidays("DE", at("2026-04-30T00:00:00Z"), at("2026-05-03T00:00:00Z"));
    expect(events.map(({ name, startMs }) => [name, new Date(startMs).toISOString()])).toEqual([
      ["Labour Day", "2026-04-30T22:00:00.000Z"],
      ["public holiday", "2026-04-30T22:00:00.000Z"],
    ]);
  });

  it("know states: Corpus Christi is one in Bavaria and none in Berlin", async () => {
    const names = async (place: string): Promise<string[]> =>
      (await countryHolidays(place, at("2026-06-03T00:00:00Z"), at("2026-06-06T00:00:00Z"))).map(({ name }) => name);
    expect(await names("DE.BY")).toContain("Corpus Christi");
    expect(await names("DE.BE")).toEqual([]);
  });

  it("refuse a country or a state that there is not", async () => {
    await expect(countryHolidays("XX", 0, 1)).rejects.toThrow(InputError);
    await expect(countryHolidays("DE.QQ", 0, 1)).rejects.toThrow(/DE\.BY/);
  });
});

describe("a file of events", () => {
  const folder = mkdtempSync(join(tmpdir(), "headrace-events-"));
  const file = (text: string): string => {
    const path = join(folder, "events.json");
    writeFileSync(path, text);
    return path;
  };

  it("gives names, instants and multipliers", async () => {
    const text =
      '[{"name": "final", "start": "2026-07-19T19:00:00Z", "end": "2026-07-19T22:00:00Z", "multiplier": 2.5}]';
    const startMs = Date.parse("2026-07-19T19:00:00Z");
    expect(await readEvents(file(text))).toEqual([
      { name: "final", startMs, endMs: startMs + 3 * HOUR, multiplier: 2.5 },
    ]);
  });

  it.each([
    ["no JSON", "{"],
    ["no list", "{}"],
    ["an event without a name", '[{"start": "2026-07-19T19:00:00Z", "end": "2026-07-19T22:00:00Z"}]'],
    ["an end before its start", '[{"name": "x", "start": "2026-07-19T19:00:00Z", "end": "2026-07-19T18:00:00Z"}]'],
    ["a negative multiplier", '[{"name": "x", "start": "2026-07-19", "end": "2026-07-20", "multiplier": -1}]'],
    ["null", "[null]"],
  ])("is refused where it holds %s", async (_what, text) => {
    await expect(readEvents(file(text))).rejects.toThrow(InputError);
  });
});
