import { describe, expect, it } from "vitest";
import { metricStep } from "../../src/world/metric-step.js";
import { syntheticOutcome } from "../report/synthetic-outcome.js";

describe("the step of a metric", () => {
  const [run] = syntheticOutcome({ replications: 1 }).outcome.runs[0];
  const samples = [
    { ...run, sums: { ...run.sums, arrivals: 900, crashes: 0 } },
    { ...run, sums: { ...run.sums, arrivals: 1100, crashes: 4 } },
  ];

  it("is one for a count, and one of the denominator for a share of counts", () => {
    expect(metricStep("sloViolationMinutes", samples, 7)).toBe(1);
    expect(metricStep("spawns", samples, 100)).toBe(1);
    expect(metricStep("rejectedRatio", samples, 0.1)).toBe(1 / 1000);
    expect(metricStep("streamsHurtPerCrash", samples, 50)).toBe(1 / 2);
    expect(metricStep("streamsHurtPerCrash", [samples[0]], 50)).toBe(0);
  });

  it("is a bucket's width for a percentile, and nothing for times and money", () => {
    expect(metricStep("startLatencyMsP99", samples, 640)).toBe(10);
    expect(metricStep("cost", samples, 12)).toBe(0);
    expect(metricStep("utilisationMean", samples, 0.8)).toBe(0);
    expect(metricStep("startLatencyMsMean", samples, 8)).toBe(0);
  });
});
