import { parse, View } from "vega";
import { describe, expect, it } from "vitest";
import { LogHistogram } from "../../../src/base/histogram.js";
import { type TimeGrid, timeGrid } from "../../../src/report/bands.js";
import { MOST_TICKS, timeTicks } from "../../../src/report/browser/time-ticks.js";
import { chartSpec, compileSpec } from "../../../src/report/chart.js";
import { blastRadiusChart } from "../../../src/report/charts/blast-radius-chart.js";
import { calibrationChart } from "../../../src/report/charts/calibration-chart.js";
import { decisionCharts } from "../../../src/report/charts/decision-charts.js";
import { latencyChart } from "../../../src/report/charts/latency-chart.js";
import { pathChart } from "../../../src/report/charts/path-chart.js";
import { seriesCharts } from "../../../src/report/charts/series-charts.js";
import { timeChartSpec } from "../../../src/report/charts/time-axis.js";
import { violationsChart } from "../../../src/report/charts/violations-chart.js";
import { html } from "../../../src/report/html.js";
import { formatColumn, formatMeanCount } from "../../../src/report/numbers.js";
import { renderPage } from "../../../src/report/page.js";
import { half } from "../../../src/report/page-blocks.js";
import { forecastResult } from "../page-kinds.js";
import { syntheticOutcome } from "../synthetic-outcome.js";

const { outcome, scenario } = syntheticOutcome({ policies: ["hpa"], replications: 1 });
const policies = [{ name: "hpa", runs: outcome.runs[0] }];

/** Faults found by looking at the pages' pictures, which must not return. */
describe("charts that were looked at", () => {
  it("show stretches of violations as one mark, without the gaps of their bins", () => {
    const [run] = outcome.runs[0];
    const all = { ...run, timeline: { ...run.timeline, violationMinutes: new Float64Array(1440).fill(1) } };
    const grid = timeGrid(run.timeline, 0, scenario.durationMs);
    const spec = violationsChart([{ name: "hpa", runs: [all] }], grid, 0)?.spec as { layer: { data: unknown }[] };
    expect(spec.layer[1].data).toEqual({ values: [{ policy: "hpa", t: 0, to: scenario.durationMs, share: 1 }] });
  });

  it("label a logarithmic share by ones, twos and fives, up to 100 %", () => {
    const spec = JSON.stringify(latencyChart(policies, scenario.slo)?.spec);
    const ticks = JSON.parse(/"title":"requests slower than x"[^[]*"values":(\[[^\]]*\])/.exec(spec)?.[1] ?? "[]");
    expect(ticks.at(-1)).toBe(1);
    for (const tick of ticks) expect(String(tick)).toMatch(/^(0\.0*)?[125](e-\d+)?$/);
  });

  it("draw no share of zero where a request that still waits has waited less than all that were served", () => {
    const [served, waits] = [new LogHistogram(), new LogHistogram()];
    served.record(3, 10);
    waits.record(2);
    const run = { ...outcome.runs[0][0], startLatency: served.buckets(), stillWaiting: waits.buckets() };
    const spec = latencyChart([{ name: "hpa", runs: [run] }], undefined)?.spec as { data: { values: object[] } };
    expect(spec.data.values).toEqual([{ policy: "hpa", ms: 1, share: 1 }]);
  });

  it("keep the last hour of a course, and say where two sides part", () => {
    const sides = [
      { name: "before", values: [1, 2] },
      { name: "now", values: [1, 3] },
    ];
    const { spec } = pathChart({ name: "path", title: "Path", what: "streamlets", sides, markedHour: 1 });
    const [before] = spec.layer as { data: { values: unknown[] } }[];
    expect(before.data.values.at(-1)).toEqual({ side: "before", hour: 2, value: 2 });
    expect(JSON.stringify(spec)).toContain('"hour":1,"text":"first difference"');
  });

  it("draw no latency of parts of the traffic that never wait", () => {
    const still = outcome.document.policies.map(({ series = [], ...policy }) => ({
      ...policy,
      series: series.map((one) => ({
        ...one,
        metrics: { ...one.metrics, startLatencyMsP99: { mean: 0, halfWidth: 0, confidence: 0.95, n: 2 } },
      })),
    }));
    const names = seriesCharts({ ...outcome.document, policies: still }, scenario.slo).map(({ name }) => name);
    expect(names).toEqual(["violations-by-series"]);
  });

  it("say how far from the start a tick is in days, hours or minutes, as people do", () => {
    const grid = { startMs: Date.UTC(2026, 0, 5), endMs: Date.UTC(2026, 0, 25) } as TimeGrid;
    const spec = JSON.stringify(timeChartSpec({ grid, warmupMs: 0, height: 100, layers: [{ mark: "line" }] }));
    const label: string = JSON.parse(/"labelExpr":("(?:[^"\\\\]|\\\\.)*")/.exec(spec)?.[1] ?? '""');
    const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
    const since = (ms: number, tickStep: number): string => {
      const values = { zone: "utc", tickStep, tTo: grid.endMs, tFrom: grid.startMs };
      const given = { value: grid.startMs + ms, index: 1 };
      const signals = Object.entries({ ...values, given }).map(([name, value]) => ({ name, value }));
      const view = new View(
        parse({ signals: [...signals, { name: "label", update: label.replaceAll("datum.", "given.") }] }),
      ).run();
      return (view.signal("label") as string[])[1];
    };
    expect(since(15 * second, 5 * second)).toBe("+15 s");
    expect(since(2 * hour + 5 * minute + 5 * second, 5 * second)).toBe("+2:05:05 h");
    expect(since(90 * minute, 15 * minute)).toBe("+90 min");
    expect(since(19 * hour + 15 * minute, 15 * minute)).toBe("+19:15 h");
    expect(since(90 * minute, 30 * minute)).toBe("+1.5 h");
    expect(since(hour, hour)).toBe("+1 h");
    expect(since(36 * hour, 6 * hour)).toBe("+1 d 12 h");
    expect(since(24 * hour, 12 * hour)).toBe("+1 d");
    expect(since(54 * hour, 6 * hour)).toBe("+2 d 6 h");
    expect(since(7 * day, 7 * day)).toBe("+7 d");
    expect(timeTicks(grid.startMs, grid.endMs, grid.startMs).stepMs).toBe(3 * day);
  });

  it("leave no step out of an axis of counts", () => {
    const { timeline } = outcome.runs[0][0];
    const crashes = new Float64Array(timeline.crashes.length);
    const interrupted = new Float64Array(timeline.crashes.length);
    [2, 5].forEach((hurt, i) => {
      crashes[crashes.length - 1 - i] = 1;
      interrupted[crashes.length - 1 - i] = hurt;
    });
    const run = { ...outcome.runs[0][0], timeline: { ...timeline, crashes, interrupted } };
    const spec = blastRadiusChart([{ name: "hpa", runs: [run] }], 0)?.spec as { data: { values: { from: number }[] } };
    expect(spec.data.values.map(({ from }) => from)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("count a repeated refusal as one step of a policy", () => {
    const seen = { pool: 0, open: 0, waiting: 0, ready: 40, spawning: 0, reason: "forecast-fall", details: {} };
    const refused = { ...seen, wanted: 2, desired: 40, refusal: "below-min" };
    const decisions = [1, 2, 3].map((minute) => ({ ...refused, atMs: minute * 60_000 }));
    const runs = [{ ...outcome.runs[0][0], decisions }] as unknown as (typeof outcome.runs)[0];
    const grid = timeGrid(outcome.runs[0][0].timeline, 0, scenario.durationMs);
    const [chart] = decisionCharts([{ name: "hpa", key: "hpa", runs }], ["eu"], grid, 0);
    expect(chart.caption).toContain("Dots are the 1 largest steps of 3 kept decisions");
  });

  it("give means of counts the digits that matter, and a column one number of decimals", () => {
    expect([1930.7, 46.33, 7.333, 0.05, 12].map(formatMeanCount)).toEqual(["1,931", "46.3", "7.3", "0.05", "12"]);
    expect(formatColumn([19.7, 138.64, 101], 4)).toEqual(["19.7", "138.6", "101.0"]);
  });

  it("show every tick that they were given, though the theme allows five on the y axis", async () => {
    const chart = calibrationChart(forecastResult());
    const spec = compileSpec(chart.name, { ...chartSpec(chart), width: 600 });
    const svg = await new View(parse(spec as Parameters<typeof parse>[0]), { renderer: "none" }).toSVG();
    for (const tick of ["0 %", "25 %", "50 %", "75 %", "90 %"])
      expect(svg.split(`>${tick}</text>`).length - 1, tick).toBe(2);
    const grid = { startMs: Date.UTC(2026, 0, 5), endMs: Date.UTC(2026, 0, 6) } as TimeGrid;
    const { values } = timeTicks(grid.startMs, grid.endMs, grid.startMs);
    expect(values.length).toBeLessThanOrEqual(MOST_TICKS);
  });

  it("stand alone in their row only over its whole width", async () => {
    const chart = (name: string) =>
      half(pathChart({ name, title: name, what: "streamlets", sides: [{ name: "now", values: [1] }] }));
    const section = { id: "s", title: "S", blocks: [{ kind: "html" as const, html: html`<p>text</p>` }] };
    const about = { title: "T", lead: "", sections: [section], footer: "" };
    const classes = async (count: number): Promise<(string | undefined)[]> => {
      const pictures = Array.from({ length: count }, (_unused, i) => chart(`c${i}`));
      return [...(await renderPage({ ...about, pictures })).matchAll(/<figure class="([^"]*)"/g)].map(
        (found) => found[1],
      );
    };
    expect(await classes(3)).toEqual(["half", "half", "half lone"]);
    expect(await classes(2)).toEqual(["half", "half"]);
  });
});
