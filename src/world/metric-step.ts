import { BUCKET_SHARE } from "../base/histogram.js";
import { type MetricKind, type MetricName, metricTable, type RunSums } from "./metric-table.js";
import type { MetricSample } from "./pooled-metrics.js";

/** The sums that count something whole; all others are times and money. */
const COUNTS: readonly (keyof RunSums)[] = [
  "arrivals",
  "completed",
  "rejected",
  "abandoned",
  "interrupted",
  "waited",
  "served",
  "ended",
  "degraded",
  "spawns",
  "crashes",
  "reconnections",
  "sloViolationMinutes",
];

/**
 * The smallest change that a metric can make in one replication: 1 for a count, 1/n for a share of
 * n, a bucket's width for a percentile that is read from a histogram, 0 for what is continuous.
 * Differences of such a metric can be equal by chance (see judge in base).
 */
export function metricStep(name: MetricName, samples: readonly MetricSample[], value: number): number {
  const kind: MetricKind = metricTable[name];
  if (kind.kind === "quantile") return BUCKET_SHARE * Math.abs(value);
  if (!COUNTS.includes(kind.of)) return 0;
  if (kind.kind === "mean") return 1;
  const over = samples.reduce((sum, { sums }) => sum + (sums[kind.over] ?? 0), 0) / samples.length;
  return over > 0 ? 1 / over : 0;
}
