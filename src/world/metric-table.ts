/**
 * Sums of one replication over its measured window: the numerators and denominators of all metrics.
 * A sum is absent if the scenario lacks what it needs (hosts, cost, slo).
 */
export interface RunSums {
  /** First attempts: arrivals, and how they ended. */
  readonly arrivals: number;
  readonly completed: number;
  readonly rejected: number;
  readonly abandoned: number;
  readonly interrupted: number;
  /** First attempts that still wait when the run ends. */
  readonly unserved: number;
  /** First attempts that found no free slot. */
  readonly waited: number;
  /** First attempts that were assigned, and their waits in ms. */
  readonly served: number;
  readonly startLatencyMs: number;
  /** Completed first attempts: arrival to end in ms. */
  readonly responseMs: number;
  /** Streams that ended, and those of them that met an overload. */
  readonly ended: number;
  readonly degraded: number;
  /** Length of the measured window in ms, and integrals over it: a count × ms. */
  readonly windowMs: number;
  readonly openMs: number;
  /** The part of `openMs` on ready streamlets, and that on draining ones. */
  readonly openReadyMs: number;
  readonly openDrainingMs: number;
  readonly waitingMs: number;
  readonly readyMs: number;
  readonly readySlotMs: number;
  readonly spawningMs: number;
  readonly drainingMs: number;
  /** Streams of any attempt that a crash interrupted. */
  readonly hurt: number;
  readonly spawns: number;
  readonly crashes: number;
  readonly reconnections: number;
  readonly streamletHours: number;
  readonly oracleStreamletHours: number;
  readonly hostHours?: number;
  readonly cost?: number;
  /** The cost of the clairvoyant lower bound, and how much more the run cost. */
  readonly oracleCost?: number;
  readonly costAboveOracle?: number;
  readonly sloViolationMinutes?: number;
}

/**
 * How a metric is computed from the replications.
 * - `mean`: one sum, averaged over the replications.
 * - `ratio`: one sum over another, each added up over the replications. `ifNone` is its value if
 *   the denominator is 0; the metric is absent if `ifNone` is left out.
 * - `quantile`: of the replications' pooled start latencies, by Kaplan and Meier. A request that
 *   still waits at the end has waited at least that long.
 */
export type MetricKind =
  | { readonly kind: "mean"; readonly of: keyof RunSums }
  | { readonly kind: "ratio"; readonly of: keyof RunSums; readonly over: keyof RunSums; readonly ifNone?: number }
  | { readonly kind: "quantile"; readonly probability: number };

const mean = (of: keyof RunSums): MetricKind => ({ kind: "mean", of });
const ratio = (of: keyof RunSums, over: keyof RunSums): MetricKind => ({ kind: "ratio", of, over });
const share = (of: keyof RunSums, over: keyof RunSums): MetricKind => ({ kind: "ratio", of, over, ifNone: 0 });
const quantile = (probability: number): MetricKind => ({ kind: "quantile", probability });

/**
 * Every metric of a run and of a result. Its value, its pooled value and its interval derive from
 * its entry.
 */
export const metricTable = {
  cost: mean("cost"),
  sloViolationMinutes: mean("sloViolationMinutes"),
  startLatencyMsMean: ratio("startLatencyMs", "served"),
  startLatencyMsP50: quantile(0.5),
  startLatencyMsP95: quantile(0.95),
  startLatencyMsP99: quantile(0.99),
  waitProbability: share("waited", "arrivals"),
  rejectedRatio: share("rejected", "arrivals"),
  abandonedRatio: share("abandoned", "arrivals"),
  unservedRatio: share("unserved", "arrivals"),
  interruptedRatio: share("interrupted", "arrivals"),
  streamsHurtPerCrash: ratio("hurt", "crashes"),
  degradedStreamRatio: share("degraded", "ended"),
  utilisationMean: ratio("openReadyMs", "readySlotMs"),
  streamletHours: mean("streamletHours"),
  hostHours: mean("hostHours"),
  regretRatio: ratio("costAboveOracle", "oracleCost"),
  oracleStreamletHours: mean("oracleStreamletHours"),
  streamletsReadyMean: ratio("readyMs", "windowMs"),
  streamletsSpawningMean: ratio("spawningMs", "windowMs"),
  streamletsDrainingMean: ratio("drainingMs", "windowMs"),
  openStreamsMean: ratio("openMs", "windowMs"),
  openDrainingMean: ratio("openDrainingMs", "windowMs"),
  waitingMean: ratio("waitingMs", "windowMs"),
  spawns: mean("spawns"),
  crashes: mean("crashes"),
  reconnections: mean("reconnections"),
  arrivals: mean("arrivals"),
  completed: mean("completed"),
  responseMsMean: ratio("responseMs", "completed"),
} satisfies Record<string, MetricKind>;

export type MetricName = keyof typeof metricTable;

export const metricNames = Object.keys(metricTable) as readonly MetricName[];
