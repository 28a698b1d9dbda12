import { describe, expect, it } from "vitest";
import { LogHistogram } from "../../../src/base/histogram.js";
import { timeGrid } from "../../../src/report/bands.js";
import { latencyChart } from "../../../src/report/charts/latency-chart.js";
import { pathChart } from "../../../src/report/charts/path-chart.js";
import { seriesCharts } from "../../../src/report/charts/series-charts.js";
import { violationsChart } from "../../../src/report/charts/violations-chart.js";
import { html } from "../../../src/report/html.js";
import { renderPage } from "../../../src/report/page.js";
import { half } from "../../../src/report/page-blocks.js";
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
