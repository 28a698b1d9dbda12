import { describe, expect, it } from "vitest";
import { LogHistogram } from "../../../src/base/histogram.js";
import { decadeTicks } from "../../../src/report/charts/decade-ticks.js";
import { latencyChart } from "../../../src/report/charts/latency-chart.js";
import type { RunResult } from "../../../src/world/run-result.js";
import type { SloSpec } from "../../../src/world/scenario/sections/slo.js";

function chartOf(servedMs: readonly number[], waitingMs: readonly number[], slo?: SloSpec) {
  const buckets = (times: readonly number[]) => {
    const histogram = new LogHistogram();
    for (const time of times) histogram.record(time);
    return histogram.buckets();
  };
  const run = { startLatency: buckets(servedMs), stillWaiting: buckets(waitingMs) } as RunResult;
  const chart = latencyChart([{ name: "hpa", runs: [run] }], slo);
  return chart as NonNullable<typeof chart>;
}

const pointsOf = (spec: Readonly<Record<string, unknown>>) =>
  (spec.data as { values: { ms: number; share: number }[] }).values;

describe("the chart of start latencies", () => {
  it("ends above a share of zero where the last request served waited longer than all that still wait", () => {
    const points = pointsOf(chartOf([10, 500], [200]).spec);
    // S(10) = 2/3; the one at risk at 500 ends: S = 0, which a logarithmic axis does not have.
    expect(points[points.length - 1].share).toBeCloseTo(2 / 3, 3);
    expect(points.every(({ share }) => share > 0)).toBe(true);
  });

  it("keeps its share up to the longest wait if a request still waits longest", () => {
    const points = pointsOf(chartOf([10, 500], [2000]).spec);
    expect(points[points.length - 1]).toMatchObject({ ms: 2000 });
    expect(points[points.length - 1].share).toBeCloseTo(1 / 3, 3);
  });
});

describe("the bound of the SLO", () => {
  const sloOf = (probability: number, boundMs: number) => ({ startLatency: { probability, boundMs } }) as SloSpec;
  const rulesOf = (slo: SloSpec) =>
    (chartOf([10, 500], [], slo).spec.layer as { mark: { type: string } }[]).filter(({ mark }) => mark.type === "rule");

  it("is a cross where a share may exceed it", () => expect(rulesOf(sloOf(0.99, 200))).toHaveLength(2));

  it("is one line where it holds for all requests, P100", () => {
    expect(rulesOf(sloOf(1, 200))).toHaveLength(1);
    expect(chartOf([10, 500], [], sloOf(1, 200)).caption).toContain("a line should end before it");
  });

  it("has no place on a logarithmic axis where it is 0 ms, and the caption says so", () => {
    expect(rulesOf(sloOf(0.99, 0))).toHaveLength(1);
    expect(chartOf([10, 500], [], sloOf(0.99, 0)).caption).toContain("left of the axis: 0 ms");
  });
});

describe("ticks of a logarithmic axis", () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuse to begin at %s", (from) => {
    expect(() => decadeTicks(from, 1)).toThrow("begins above zero");
  });
});
