import { LogHistogram } from "../base/histogram.js";
import { type Jackknifed, jackknifed } from "../base/jackknife.js";
import { type MetricKind, type MetricName, metricNames, metricTable, type RunSums } from "./metric-table.js";
import type { RunResult } from "./run-result.js";

/** What the metrics of a replication are computed from. */
export type MetricSample = Pick<RunResult, "sums" | "startLatency">;

/** The metrics of one replication; one that lacks what it needs is absent. */
export function metricsOfRun(sample: MetricSample): Record<string, number> {
  const pool = new MetricPool([sample]);
  const metrics: Record<string, number> = {};
  for (const name of metricNames) {
    const value = pool.metric(name)?.all;
    if (value !== undefined) metrics[name] = value;
  }
  return metrics;
}

/** Replications of one policy, pooled: only what is a mean is averaged. */
export class MetricPool {
  private readonly sums: readonly RunSums[];
  private readonly waits: readonly LogHistogram[];
  /** `pooled[0]` is of all; `pooled[r + 1]` is without replication r. Made when a quantile is asked for. */
  private pooled: LogHistogram[] | undefined;

  constructor(samples: readonly MetricSample[]) {
    this.sums = samples.map((sample) => sample.sums);
    this.waits = samples.map(({ startLatency }) => LogHistogram.of(startLatency));
  }

  /** The metric over all replications and without each one; undefined where they lack what it needs. */
  metric(name: MetricName): Jackknifed | undefined {
    const kind: MetricKind = metricTable[name];
    return jackknifed(this.sums.length, (left) => this.value(kind, left));
  }

  private value(kind: MetricKind, left: number | undefined): number | undefined {
    if (kind.kind === "mean") {
      const sum = this.total(kind.of, left);
      return sum === undefined ? undefined : sum / (this.sums.length - (left === undefined ? 0 : 1));
    }
    if (kind.kind === "ratio") {
      const of = this.total(kind.of, left);
      const over = this.total(kind.over, left);
      if (of === undefined || over === undefined) return undefined;
      return over > 0 ? of / over : kind.ifNone;
    }
    const waits = this.histogram(left);
    return waits.count === 0 ? undefined : waits.quantile(kind.probability);
  }

  /** Undefined where a replication lacks the sum. */
  private total(of: keyof RunSums, left: number | undefined): number | undefined {
    let total = 0;
    for (let r = 0; r < this.sums.length; r++) {
      const value = this.sums[r][of];
      if (value === undefined) return undefined;
      if (r !== left) total += value;
    }
    return total;
  }

  private histogram(left: number | undefined): LogHistogram {
    this.pooled ??= pooledHistograms(this.waits);
    return this.pooled[left === undefined ? 0 : left + 1];
  }
}

/** All of them, then all but each one: by running sums from both ends, n histograms of work instead of n². */
function pooledHistograms(parts: readonly LogHistogram[]): LogHistogram[] {
  const n = parts.length;
  const without = parts.map(() => new LogHistogram());
  const before = new LogHistogram();
  for (let r = 0; r < n; r++) {
    without[r].add(before);
    before.add(parts[r]);
  }
  const after = new LogHistogram();
  for (let r = n - 1; r >= 0; r--) {
    without[r].add(after);
    after.add(parts[r]);
  }
  return [before, ...without];
}
