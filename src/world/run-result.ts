import type { HistogramBuckets } from "../base/histogram.js";
import type { DecisionRecord } from "../ports/telemetry.js";
import type { TrainerEvent } from "../ports/training.js";
import type { RunSums } from "./metric-table.js";
import type { DecisionDigestRecord } from "./recorder/decision-digest.js";
import type { PolicyFailures } from "./recorder/decision-tally.js";
import type { SloJudgement } from "./slo-judgement.js";

/**
 * The columns of the timeline: one value per bin of `binMs`, over the whole run from t=0 with its
 * warm-up.
 */
export interface Timeline {
  readonly binMs: number;
  /** First-attempt arrivals in the bin, by series as well: `arrivalsBySeries[s][i]`. */
  readonly arrivals: Float64Array;
  readonly arrivalsBySeries: readonly Float64Array[];
  /** Means over the bin. */
  readonly open: Float64Array;
  /** The part of `open` on streamlets that were draining; runs kept from before 0.2 lack it. */
  readonly openDraining?: Float64Array;
  readonly waiting: Float64Array;
  readonly ready: Float64Array;
  readonly spawning: Float64Array;
  readonly draining: Float64Array;
  /** Slots on ready streamlets, mean over the bin. Compare it with `open` − `openDraining`. */
  readonly readySlots: Float64Array;
  /** Counts in the bin. */
  readonly spawns: Float64Array;
  readonly crashes: Float64Array;
  readonly interrupted: Float64Array;
  readonly rejected: Float64Array;
  readonly abandoned: Float64Array;
  /** 1 where a minute of the bin violates the SLO, else 0; absent without an SLO. */
  readonly violationMinutes: Float64Array | undefined;
}

/** How the requests of the whole run ended. arrived = the sum of the others. */
export interface Conservation {
  readonly arrived: number;
  readonly completed: number;
  readonly interrupted: number;
  readonly rejected: number;
  readonly abandoned: number;
  readonly waiting: number;
  readonly open: number;
}

/** The inputs of metrics: of a run, or of one series in it. */
export interface MetricSample {
  /** A metric is absent if one of its sums is. */
  readonly sums: Partial<RunSums>;
  /** Start latencies of requests that were served, and waits so far of those that still wait. */
  readonly startLatency: HistogramBuckets;
  readonly stillWaiting: HistogramBuckets;
}

/**
 * The outcome of one policy in one replication. Metrics cover the measured window; a metric that
 * lacks its inputs is absent.
 */
export interface RunResult {
  readonly policy: string;
  readonly replication: number;
  /** The inputs of the metrics, for pooling over replications. */
  readonly sums: RunSums;
  readonly metrics: Readonly<Record<string, number>>;
  readonly counts: Conservation;
  /** Start latencies of the measured window, of the requests that were served. */
  readonly startLatency: HistogramBuckets;
  /** Waits so far of requests that still wait when the run ends. */
  readonly stillWaiting: HistogramBuckets;
  /** Whether the measured window meets the SLO; absent without one. */
  readonly slo?: SloJudgement;
  /**
   * Service of each series of the traffic, in its order; absent where there is one series, or too
   * many.
   */
  readonly series?: readonly MetricSample[];
  readonly timeline: Timeline;
  /** Rejections by reason, stops by reason, decisions by reason, over the whole run. */
  readonly rejections: Readonly<Record<string, number>>;
  readonly stops: Readonly<Record<string, number>>;
  readonly decisionReasons: Readonly<Record<string, number>>;
  /** Turns of a pool's desired count from growing to shrinking or back, by pool. */
  readonly directionChanges: readonly number[];
  /** Failed decisions of a user's policy; absent if none failed. */
  readonly policyFailures?: PolicyFailures;
  /** Knobs that the scenario gives and the user's module never read; absent if there are none. */
  readonly unreadKnobs?: readonly string[];
  /**
   * Decisions of replication 0 that changed something or were refused, at most `DECISIONS_KEPT`.
   */
  readonly decisions: readonly DecisionRecord[];
  /** Hashes over all decisions of the run. */
  readonly decisionDigest: DecisionDigestRecord;
  /** Trainings, promotions, demotions, drifts and outages of trained forecasters. */
  readonly trainerEvents: readonly TrainerEvent[];
  readonly events: number;
}
