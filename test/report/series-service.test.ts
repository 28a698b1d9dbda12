import { describe, expect, it } from "vitest";
import { compileSpec } from "../../src/report/chart.js";
import { seriesCharts } from "../../src/report/charts/series-charts.js";
import { seriesLatency, seriesRows } from "../../src/report/series-service.js";
import { seriesTable } from "../../src/report/series-table.js";
import { syntheticOutcome } from "./synthetic-outcome.js";

const { outcome, scenario } = syntheticOutcome({ replications: 3 });
const { document } = outcome;

describe("service by region, format and segment", () => {
  it("stands in the result with the metrics that say how requests were served", () => {
    const [{ series = [] }] = document.policies;
    expect(series.map(({ region, format, segment }) => [region, format, segment])).toEqual([
      ["eu", "mpegts", "free"],
      ["eu", "fmp4", "paid"],
      ["us", "mpegts", "free"],
      ["us", "fmp4", "paid"],
    ]);
    const metrics = Object.keys(series[0].metrics);
    for (const metric of ["arrivals", "startLatencyMsP99", "sloViolationMinutes", "rejectedRatio"])
      expect(metrics).toContain(metric);
    for (const metric of ["cost", "spawns", "openStreamsMean"]) expect(metrics).not.toContain(metric);
    expect(series[0].metrics.startLatencyMsP99).toMatchObject({ n: 3, confidence: 0.95 });
  });

  it("has a row per part and policy, the part with most arrivals first", () => {
    expect(seriesRows(document).map(({ label, policy }) => [label, policy])).toEqual([
      ["eu · mpegts · free", "hpa"],
      ["eu · mpegts · free", "predictive"],
      ["eu · fmp4 · paid", "hpa"],
      ["eu · fmp4 · paid", "predictive"],
      ["us · mpegts · free", "hpa"],
      ["us · mpegts · free", "predictive"],
      ["us · fmp4 · paid", "hpa"],
      ["us · fmp4 · paid", "predictive"],
    ]);
  });

  it("is drawn with the SLO's bound, and in a table in which a latency above it is red", () => {
    const charts = seriesCharts(document, scenario.slo);
    expect(charts.map(({ title }) => title)).toEqual([
      "Start latency, p99 by region, format, segment",
      "SLO violation by region, format, segment",
    ]);
    for (const chart of charts) expect(() => compileSpec(chart.name, chart.spec)).not.toThrow();
    expect(JSON.stringify(charts[0].spec)).toContain('"values":[{"boundMs":200}]');
    expect(JSON.stringify(charts[1].spec)).not.toContain("boundMs");
    const table = seriesTable(document, scenario.slo)?.source ?? "";
    expect(table.match(/<tr><th scope="row">(eu|us)/g)).toHaveLength(8);
    expect(table).toMatch(/<td>hpa<\/td><td class="number">[\d,]+ ± [\d,]+<\/td><td class="number worse">/);
  });

  it("takes the percentile of the SLO, and the 99th where that is not shown", () => {
    const slo = (probability: number) => ({ ...scenario.slo, startLatency: { probability, boundMs: 50 }, days: 1 });
    expect(seriesLatency(slo(0.95) as never)).toEqual({ metric: "startLatencyMsP95", boundMs: 50 });
    expect(seriesLatency(slo(0.9) as never)).toEqual({ metric: "startLatencyMsP99" });
    expect(seriesLatency(undefined)).toEqual({ metric: "startLatencyMsP99" });
  });

  it("leaves out what does not differ, and all of it where it was not kept", () => {
    const one = document.policies.map((policy) => ({ ...policy, series: (policy.series ?? []).slice(0, 2) }));
    expect(seriesRows({ ...document, policies: one }).map(({ label }) => label)).toContain("fmp4 · paid");
    const none = { ...document, policies: document.policies.map(({ series: _series, ...policy }) => policy) };
    expect(seriesTable(none, scenario.slo)).toBeUndefined();
    expect(seriesCharts(none, scenario.slo)).toEqual([]);
  });
});
