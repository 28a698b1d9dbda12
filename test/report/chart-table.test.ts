import { describe, expect, it } from "vitest";
import { decodeTable, encodeTable } from "../../src/report/browser/chart-table.js";
import { timeTicks } from "../../src/report/browser/time-ticks.js";

describe("the data of a chart in a page", () => {
  it("come back as they were: steps, words, gaps and all", () => {
    const rows = Array.from({ length: 9 }, (_unused, i) => ({
      t: 1_772_582_490_000 + i * 180_000,
      policy: i < 5 ? "hpa" : "predictive",
      value: i === 3 ? null : i / 7,
      isFloor: i % 2 === 0,
    }));
    expect(decodeTable(encodeTable(rows))).toEqual(rows);
    expect(JSON.stringify(encodeTable(rows))).toContain('{"from":1772582490000,"step":180000}');
  });

  it("give null for a field that a row lacks", () => {
    const rows = [
      { t: 1, seen: 5 },
      { t: 2, forecast: 6 },
    ];
    expect(decodeTable(encodeTable(rows))).toEqual([
      { t: 1, seen: 5, forecast: null },
      { t: 2, seen: null, forecast: 6 },
    ]);
  });
});

describe("the ticks of a time axis", () => {
  const hour = 3_600_000;

  it("stand at round distances from the start of the run, at most ten of them", () => {
    for (const length of [0.01, 0.5, 1, 7, 24, 200, 5000]) {
      const { values, stepMs } = timeTicks(hour, hour + length * hour, 0);
      expect(values.length).toBeLessThanOrEqual(10);
      expect(values.length).toBeGreaterThan(3);
      expect(values.every((at) => at % stepMs === 0)).toBe(true);
    }
  });
});
