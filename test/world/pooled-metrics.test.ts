import { describe, expect, it } from "vitest";
import { LogHistogram } from "../../src/base/histogram.js";
import type { MetricName, RunSums } from "../../src/world/metric-table.js";
import { differenceHalfWidth, MetricPool, metricsOfRun, type PolicyMetric } from "../../src/world/pooled-metrics.js";
import type { MetricSample } from "../../src/world/run-result.js";

const none: RunSums = {
  arrivals: 0,
  completed: 0,
  rejected: 0,
  abandoned: 0,
  interrupted: 0,
  hurt: 0,
  waited: 0,
  unserved: 0,
  served: 0,
  startLatencyMs: 0,
  responseMs: 0,
  ended: 0,
  degraded: 0,
  windowMs: 1000,
  openMs: 0,
  openReadyMs: 0,
  openDrainingMs: 0,
  waitingMs: 0,
  readyMs: 0,
  readySlotMs: 0,
  spawningMs: 0,
  drainingMs: 0,
  spawns: 0,
  crashes: 0,
  reconnections: 0,
  streamletHours: 0,
  oracleStreamletHours: 0,
};

function sample(
  sums: Partial<RunSums>,
  waits: readonly number[] = [],
  stillWaiting: readonly number[] = [],
): MetricSample {
  const [histogram, cut] = [new LogHistogram(), new LogHistogram()];
  for (const wait of stillWaiting) cut.record(wait);
  for (const wait of waits) histogram.record(wait);
  return { sums: { ...none, ...sums }, startLatency: histogram.buckets(), stillWaiting: cut.buckets() };
}

function policyMetric(samples: readonly MetricSample[], name: MetricName): PolicyMetric {
  const pool = new MetricPool(samples);
  const metric = pool.metric(name);
  if (metric === undefined) throw new Error(`no ${name}`);
  return { pool, metric };
}

describe("metrics over replications", () => {
  it("divide the sum of all numerators by that of all denominators", () => {
    const pool = new MetricPool([
      sample({ arrivals: 10, rejected: 5, crashes: 0, hurt: 0 }),
      sample({ arrivals: 990, rejected: 5, crashes: 4, hurt: 40 }),
    ]);
    expect(pool.metric("rejectedRatio")).toMatchObject({ all: 0.01, without: [5 / 990, 0.5] });
    // One replication without a crash does not hide the crashes of the others.
    expect(pool.metric("streamsHurtPerCrash")).toMatchObject({ all: 10, without: [10, undefined] });
  });

  it("average what is counted per replication", () => {
    const pool = new MetricPool([sample({ spawns: 4 }), sample({ spawns: 8 }), sample({ spawns: 6 })]);
    expect(pool.metric("spawns")).toMatchObject({ all: 6, without: [7, 5, 6] });
  });

  it("read a percentile from all waits together, not from the percentiles of each replication", () => {
    const calm = Array.from({ length: 198 }, () => 10);
    const pool = new MetricPool([sample({}, calm), sample({}, [5000, 7000])]);
    const p99 = pool.metric("startLatencyMsP99");
    expect(p99?.all).toBeCloseTo(10, 0);
    expect(p99?.without[1]).toBeCloseTo(10, 0);
    expect(p99?.without[0]).toBe(7000);
  });

  it("count a request that still waits at the end as one that waited at least that long", () => {
    const served = Array.from({ length: 90 }, () => 10);
    const cut = Array.from({ length: 10 }, (_, i) => 1000 + i);
    const pool = new MetricPool([sample({}, served, cut), sample({}, served)]);
    const [p95, p50] = [pool.metric("startLatencyMsP95"), pool.metric("startLatencyMsP50")];
    expect(p95).toMatchObject({ all: 1009, isLowerBound: true });
    expect(p95 && pool.halfWidth("startLatencyMsP95", p95, 0.95)).toBeNull();
    expect(p50).toMatchObject({ all: 10, isLowerBound: false });
    expect(p50 && pool.halfWidth("startLatencyMsP50", p50, 0.95)).toBe(0);
  });

  it("give the difference of percentiles whose tail one replication holds the degrees of one, not of all", () => {
    const calm = () => Array.from({ length: 100 }, () => 10);
    const samples = (slow: number) =>
      Array.from({ length: 6 }, (_, r) => sample({}, r === 0 ? [...calm(), ...Array(20).fill(slow)] : calm()));
    const [from, to] = [3000, 4000].map((slow) => policyMetric(samples(slow), "startLatencyMsP99"));
    const halfWidth = differenceHalfWidth("startLatencyMsP99", from, to, 0.95);
    // Left out, replication 0 takes the difference of 1000 to 0: √(5/6 · (5/36 + 25/36)) of it,
    // times t of 1 degree, 12.7.
    expect((halfWidth as number) / (1000 * Math.sqrt((5 / 6) * (30 / 36)) * 12.706)).toBeCloseTo(1, 1);
  });

  it("give a difference an interval no narrower than the two intervals differ", () => {
    const calm = Array.from({ length: 980 }, () => 0);
    const slow = (count: number) => sample({}, [...calm, ...Array<number>(count).fill(9700)]);
    const from = policyMetric([slow(40), slow(12), slow(14)], "startLatencyMsP99");
    const to = policyMetric([slow(0), slow(0), slow(0)], "startLatencyMsP99");
    const own = from.pool.halfWidth("startLatencyMsP99", from.metric, 0.95) as number;
    expect(own / from.metric.all).toBeGreaterThan(0.9);
    expect(to.pool.halfWidth("startLatencyMsP99", to.metric, 0.95)).toBe(0);
    // Whichever replication is left out, the percentile is the same: the jackknife sees no spread.
    expect(new Set(from.metric.without).size).toBe(1);
    expect(differenceHalfWidth("startLatencyMsP99", from, to, 0.95)).toBe(own);
    expect(differenceHalfWidth("startLatencyMsP99", from, from, 0.95)).toBe(0);
  });

  it("leave out what a replication lacks, and give 0 for a share of no arrivals", () => {
    const metrics = metricsOfRun(sample({}));
    expect(metrics.rejectedRatio).toBe(0);
    expect(metrics).not.toHaveProperty("startLatencyMsP50");
    expect(metrics).not.toHaveProperty("cost");
    expect(metrics).not.toHaveProperty("utilisationMean");
    expect(new MetricPool([sample({ cost: 1 }), sample({})]).metric("cost")).toBeUndefined();
  });
});

describe("a histogram taken apart and put together again", () => {
  it("has the same quantiles, least and greatest", () => {
    const histogram = new LogHistogram();
    for (const value of [0, 0, 0.0001, 3, 200, 200, 201.5, 1e6, 1e13]) histogram.record(value);
    const again = LogHistogram.of(histogram.buckets());
    for (const p of [0.1, 0.3, 0.5, 0.7, 0.9, 1]) expect(again.quantile(p)).toBe(histogram.quantile(p));
    expect([again.count, again.min, again.max]).toEqual([9, 0, 1e13]);
    expect(LogHistogram.of(new LogHistogram().buckets()).quantile(0.5)).toBeNaN();
  });
});
