import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/base/random.js";
import { trafficReportFiles } from "../../src/report/traffic-page.js";
import { inspectTrace } from "../../src/traffic/inspect.js";
import type { TraceTable } from "../../src/world/scenario/resources.js";

const MONDAY_MS = Date.UTC(2026, 0, 5);
const BIN_MS = 900_000;

function table(days: number, rate: (bin: number) => number, seed = "x"): TraceTable {
  const random = new RandomStream(seed);
  const values = Float64Array.from({ length: (days * 86_400_000) / BIN_MS }, (_, i) => random.poisson(rate(i)));
  return {
    file: "t.csv",
    startMs: MONDAY_MS,
    binMs: BIN_MS,
    columns: { region: false, format: false, segment: false },
    series: [{ region: "", format: "", segment: "" }],
    values: [values],
    interpolated: 0,
  };
}

const daily = (bin: number): number => 300 + 200 * Math.sin((2 * Math.PI * bin) / 96);

describe("inspectTrace", () => {
  it("separates a strong season from none, and Poisson noise from bursts", () => {
    const seasonal = inspectTrace(table(21, daily));
    expect(seasonal.dailyStrength).toBeGreaterThan(0.95);
    // 2,016 bins: the index of dispersion has a standard error of √(2/2016) ≈ 0.03; four of them,
    // and the fitted levels take some away.
    expect(seasonal.noise.dispersion).toBeGreaterThan(0.8);
    expect(seasonal.noise.dispersion).toBeLessThan(1.13);
    const flat = inspectTrace(table(21, () => 300));
    expect(flat.dailyStrength).toBeLessThan(0.1);
    expect(flat.meaning[0]).toContain("look to the last minutes");
  });

  it("finds a planted crowd with its height and place", () => {
    const crowded = inspectTrace(
      table(21, (bin) => daily(bin) * (1 + (bin >= 1000 ? 5 * Math.exp(-(bin - 1000) / 3) : 0))),
    );
    expect(crowded.crowds).toHaveLength(1);
    expect(crowded.crowds[0].peakBin).toBe(1000);
    expect(crowded.crowds[0].height).toBeGreaterThan(4);
    expect(crowded.crowds[0].height).toBeLessThan(6);
  });

  it("finds a lasting shift of the level, on its day", () => {
    const shifted = inspectTrace(table(28, (bin) => daily(bin) * (bin < 14 * 96 ? 1 : 2)));
    expect(shifted.changePoints).toHaveLength(1);
    expect(Math.abs(shifted.changePoints[0].day - 14)).toBeLessThanOrEqual(1);
  });

  it("explains the season without the crowds that it found", () => {
    const spiked = table(8, () => 0);
    spiked.values[0].forEach((_, bin) => {
      spiked.values[0][bin] = bin === 300 ? 5000 : Math.round(50 + 30 * Math.sin((2 * Math.PI * bin) / 96));
    });
    const found = inspectTrace(spiked);
    expect(found.crowds).toHaveLength(1);
    expect(found.dailyStrength).toBeGreaterThan(0.95);
    expect(found.meaning.join(" ")).toMatch(/well predictable.*steadier than Poisson.*1 flash crowd \(/s);
  });

  it("gives the same advice whatever the width of the bins", () => {
    // 0.2 ± 0.15 requests a minute: single minutes are nearly all noise.
    const minutes = { ...table(14, () => 0), binMs: 60_000 };
    const random = new RandomStream("minutes");
    const rate = (minute: number): number => 0.2 + 0.15 * Math.sin((2 * Math.PI * minute) / 1440);
    const values = Float64Array.from({ length: 14 * 1440 }, (_, minute) => random.poisson(rate(minute)));
    const hours = Float64Array.from({ length: 14 * 24 }, (_, hour) =>
      values.subarray(hour * 60, (hour + 1) * 60).reduce((sum, value) => sum + value, 0),
    );
    const narrow = inspectTrace({ ...minutes, values: [values] });
    const wide = inspectTrace({ ...minutes, binMs: 3_600_000, values: [hours] });
    expect(narrow.noiseShare).toBeGreaterThan(0.8);
    expect(narrow.dailyStrength).toBeGreaterThan(0.8);
    expect(wide.dailyStrength).toBeGreaterThan(0.8);
    expect(narrow.meaning[0]).toContain("well predictable");
    expect(wide.meaning[0]).toContain("well predictable");
  });

  it("finds a daily season whatever the width of the bins, over months", () => {
    // None of them divides a day. 0.95: the level moves by 4 % of the season within 97 minutes.
    for (const minutes of [7, 11, 25, 97]) {
      const binMs = minutes * 60_000;
      const values = Float64Array.from(
        { length: Math.floor((60 * 86_400_000) / binMs) },
        (_, i) => minutes * (300 + 200 * Math.sin((2 * Math.PI * i * minutes) / 1440)),
      );
      const { dailyStrength } = inspectTrace({ ...table(1, daily), binMs, values: [values] });
      expect(dailyStrength, `${minutes} min`).toBeGreaterThan(0.95);
    }
  });

  it("gives no advice where the trace is too short to tell, or empty", () => {
    const day = table(1, daily);
    expect(inspectTrace(day).meaning.join(" ")).not.toContain("explains");
    const empty = inspectTrace(table(7, () => 0));
    expect(empty.meaning[0]).toContain("There is no request");
    expect(empty.meaning.join(" ")).not.toMatch(/NaN|unknown \(/);
    // Two bins say nothing of noise: 10 and 12 are no proof of a traffic steadier than Poisson.
    const two = inspectTrace({ ...day, values: [Float64Array.of(10, 12)] });
    expect(two.meaning.join(" ")).not.toMatch(/Poisson|explains/);
    expect(two.dispersion).toBeNaN();
  });

  it("lists unknown stretches, and never puts them into a mean", () => {
    const holed = table(7, daily);
    holed.values[0].fill(Number.NaN, 100, 150);
    holed.values[0][300] = Number.NaN;
    const found = inspectTrace(holed);
    expect(found.gaps).toEqual([
      { firstBin: 100, bins: 50 },
      { firstBin: 300, bins: 1 },
    ]);
    expect(found.meanPerSecond).toBeGreaterThan(0.3);
    expect(found.meaning.at(-1)).toContain("interpolated");
  });

  it("shows that yesterday beats the last value an hour ahead on a steep season; nothing beats the floor", () => {
    const { errors } = inspectTrace(table(21, daily));
    const hour = errors.find((error) => error.lead === "1 h");
    expect(hour?.sameTimeYesterday).toBeLessThan(hour?.lastValue ?? 0);
    for (const error of errors) expect(error.sameTimeYesterday).toBeGreaterThan(error.floor);
  });

  it("makes a page without a request, whose charts compile", async () => {
    const files = await trafficReportFiles(inspectTrace(table(21, daily)), "<script>.csv");
    expect([...files.keys()].sort()).toEqual([
      "charts/days.vl.json",
      "charts/errors.vl.json",
      "charts/hours.vl.json",
      "charts/rate.vl.json",
      "index.html",
    ]);
    expect(files.get("index.html")).not.toContain("<script>.csv");
  });

  it.each([2, 3])("copes with a trace of %i bins", (bins) => {
    const tiny = table(1, daily);
    const found = inspectTrace({ ...tiny, values: [tiny.values[0].slice(0, bins)] });
    expect(found.dailyStrength).toBeNaN();
  });
});
