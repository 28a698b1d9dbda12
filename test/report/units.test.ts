import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandOf, meanOver, perMinute, pointAtMs, timeGrid } from "../../src/report/bands.js";
import { escapeText, html, markup, scriptJson } from "../../src/report/html.js";
import { formatChange, formatDuration, formatFixed, formatInterval, formatNumber } from "../../src/report/numbers.js";
import { policyKeys } from "../../src/report/policy-keys.js";
import { escapeMarkdown } from "../../src/report/summary-markdown.js";
import { syntheticOutcome } from "./synthetic-outcome.js";

describe("numbers", () => {
  it("are grouped in thousands, with a true minus and no minus zero", () => {
    expect(formatFixed(1234567.891, 1)).toBe("1,234,567.9");
    expect(formatFixed(-1234.5, 0)).toBe("−1,235");
    expect(formatFixed(-0.001, 2)).toBe("0.00");
    expect(formatFixed(Number.NaN, 2)).toBe("unknown");
    expect(formatFixed(Number.NEGATIVE_INFINITY, 2)).toBe("−∞");
  });

  it("show about so many digits, and no trailing zeros", () => {
    expect(formatNumber(0.000123456)).toBe("0.000123");
    expect(formatNumber(1.5)).toBe("1.5");
    expect(formatNumber(123456)).toBe("123,456");
    expect(formatNumber(0)).toBe("0");
  });

  it("show an interval to the second digit of its half width", () => {
    expect(formatInterval(12.3456, 0.5612)).toBe("12.35 ± 0.56");
    expect(formatInterval(1234.5, 56.1)).toBe("1,235 ± 56");
    expect(formatInterval(247_052, 12_096)).toBe("247,000 ± 12,000");
    expect(formatInterval(-247_052, 996, true)).toBe("−247,100 ± 1,000");
    expect(formatInterval(12.34, 9.96)).toBe("12 ± 10");
    expect(formatInterval(3_000, 120_000, true)).toBe("0 ± 120,000");
    expect(formatInterval(0.02, 0.5, true)).toBe("+0.02 ± 0.50");
    expect(formatInterval(3, null)).toBe("3");
    expect(formatInterval(0, 0)).toBe("0 ± 0");
  });

  it("give no percentage of a base that is zero, or that its interval does not keep apart from zero", () => {
    expect(formatChange(1, { mean: 0, halfWidth: 0 })).toBeUndefined();
    expect(formatChange(1, { mean: 0.1, halfWidth: 0.09 })).toBeUndefined();
    expect(formatChange(1, { mean: 0.1, halfWidth: 0.05 })).toBe("+1,000 %");
  });

  it("show changes and durations in words", () => {
    expect(formatChange(-9.4, { mean: 100, halfWidth: 3 })).toBe("−9.4 %");
    expect(formatChange(50, { mean: 100, halfWidth: null })).toBe("+50 %");
    expect(formatDuration(90_000)).toBe("1.5 min");
    expect(formatDuration(86_400_000)).toBe("24 h");
    expect(formatDuration(14 * 86_400_000)).toBe("14 d");
    expect(formatDuration(0)).toBe("0 ms");
  });

  it("never show NaN, whatever the number", () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        for (const text of [formatNumber(a), formatInterval(a, Math.abs(b)), formatFixed(a, 3)]) {
          expect(text).not.toMatch(/NaN|undefined/);
        }
      }),
    );
  });
});

describe("bands", () => {
  const { outcome, scenario } = syntheticOutcome({ replications: 4 });
  const runs = outcome.runs[0];
  const grid = timeGrid(runs[0].timeline, scenario.traffic.epochMs, scenario.durationMs, 100);

  it("run from the lowest to the highest replication, around the mean", () => {
    const band = bandOf(runs, grid, (timeline, from, to) => meanOver(timeline.open, from, to));
    expect(band.mean).toHaveLength(grid.points);
    band.mean.forEach((mean, i) => {
      expect(band.low[i]).toBeLessThanOrEqual((mean as number) * (1 + 1e-4));
      expect(band.high[i]).toBeGreaterThanOrEqual((mean as number) * (1 - 1e-4));
    });
  });

  it("have points in order inside the run, at most as many as asked for", () => {
    expect(grid.points).toBeLessThanOrEqual(100);
    const at = Array.from({ length: grid.points }, (_, i) => pointAtMs(grid, i));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at[0]).toBeGreaterThanOrEqual(grid.startMs);
    expect(at[at.length - 1]).toBeLessThanOrEqual(grid.endMs);
  });

  it("are empty where nothing is known", () => {
    const band = bandOf(runs, grid, () => Number.NaN);
    expect(band.mean.every((value) => value === null)).toBe(true);
  });

  it("count events per minute", () => {
    expect(perMinute(Float64Array.of(3, 1, 2), 120_000, 0, 3)).toBe(1);
  });
});

describe("markup", () => {
  it("escapes every value that is not markup itself", () => {
    expect(html`<p title="${'"'}">${"<b>&'"}</p>${markup("<i>")}${undefined}${[markup("a"), markup("b")]}`.source).toBe(
      '<p title="&quot;">&lt;b&gt;&amp;&#39;</p><i>ab',
    );
  });

  it("never lets text close a script or open a tag", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(escapeText(text)).not.toMatch(/[<>"']/);
        expect(scriptJson({ text })).not.toMatch(/[<\u2028\u2029]/);
        expect(JSON.parse(scriptJson({ text }))).toEqual({ text });
      }),
    );
  });

  it("shows Markdown's own characters as they are", () => {
    expect(escapeMarkdown("a|b*c_`d`\n# [e](f) <g>")).toBe("a\\|b\\*c\\_\\`d\\` \\# \\[e\\](f) &lt;g&gt;");
  });

  it("gives each policy an anchor of its own", () => {
    expect(policyKeys(["HPA 70 %", "hpa-70", "…", "…"])).toEqual(["hpa-70", "hpa-70-2", "policy", "policy-2"]);
  });
});
