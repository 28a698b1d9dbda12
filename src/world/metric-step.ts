import { BUCKET_SHARE } from "../base/histogram.js";
import { type MetricKind, type MetricName, metricTable, type RunSums } from "./metric-table.js";
import type { MetricSample } from "./run-result.js";

/**
 * Whether a sum counts whole things; the others are times and money. The type makes sure that a new
 * sum is listed.
 */
const isCount: Readonly<Record<keyof RunSums, boolean>> = {
  arrivals: true,
  completed: true,
  rejected: true,
  abandoned: true,
  interrupted: true,
  unserved: true,
  waited: true,
  served: true,
  startLatencyMs: false,
  responseMs: false,
  ended: true,
  degraded: true,
  windowMs: false,
  openMs: false,
  openReadyMs: false,
  openDrainingMs: false,
  waitingMs: false,
  readyMs: false,
  readySlotMs: false,
  spawningMs: false,
  drainingMs: false,
  hurt: true,
  spawns: true,
  crashes: true,
  reconnections: true,
  streamletHours: false,
  oracleStreamletHours: false,
  hostHours: false,
  cost: false,
  oracleCost: false,
  costAboveOracle: false,
  sloViolationMinutes: true,
};

/**
 * The smallest change that a metric can make in one replication: 1 for a count, 1/n for a share
 * of n, a bucket's width for a percentile read from a histogram, 0 for a continuous metric.
 * Differences of a stepped metric can be equal by chance (see judge in base).
 */
export function metricStep(name: MetricName, samples: readonly MetricSample[], value: number): number {
  return stepOver(name, value, (of) => samples.reduce((sum, { sums }) => sum + (sums[of] ?? 0), 0) / samples.length);
}

/** As metricStep, where `meanOf` gives the mean of a sum over the replications (0 = unknown). */
export function stepOver(name: MetricName, value: number, meanOf: (of: keyof RunSums) => number): number {
  const kind: MetricKind = metricTable[name];
  if (kind.kind === "quantile") return BUCKET_SHARE * Math.abs(value);
  if (!isCount[kind.of]) return 0;
  if (kind.kind === "mean") return 1;
  const over = meanOf(kind.over);
  return over > 0 ? 1 / over : 0;
}
