import type { RunResult } from "../world/run-result.js";
import type { Comparison } from "./comparison.js";
import type { FailureSummary } from "./failure-summary.js";
import type { FrontierDocument } from "./frontier/frontier-document.js";
import type { SpawnSweepDocument } from "./frontier/spawn-sweep.js";
import type { TrainerSummary } from "./trainer-summary.js";

/**
 * A metric over n replications with its confidence interval: a mean, or the value of the pooled
 * replications (see metricTable). halfWidth is the delete-one jackknife's. It is null if n < 2, or
 * if the metric does not exist without one of the replications.
 */
export interface Estimate {
  readonly mean: number;
  readonly halfWidth: number | null;
  readonly confidence: number;
  readonly n: number;
  /**
   * True for a percentile of which only a lower bound is known, since too many requests still wait
   * at the end. `mean` is then the longest wait seen, and halfWidth is null.
   */
  readonly atLeast?: true;
}

/**
 * The SLO over the replications. low and high are the exact binomial interval (Clopper and
 * Pearson), 95 %, two-sided.
 */
export interface SloOutcome {
  /** In how many of how many replications everything was met. */
  readonly met: number;
  readonly of: number;
  readonly low: number;
  readonly high: number;
  /** The share that the scenario demands. */
  readonly days: number;
  /** The one-sided exact 95 % lower bound of the share is at least `days`: 59 of 59 prove 95 %. */
  readonly proved: boolean;
}

/** Service of the requests of one region, format and segment. */
export interface SeriesResult {
  readonly region: string;
  readonly format: string;
  readonly segment: string;
  readonly metrics: Readonly<Record<string, Estimate>>;
}

/** The result document (result.json and `--json`). It is a contract: other tools read it. */
export interface ResultDocument {
  readonly scenario: { readonly name: string; readonly hash: string };
  readonly seed: number;
  readonly version: string;
  readonly replications: number;
  /** What costs are counted in, where the scenario names it. */
  readonly currency?: string;
  readonly policies: readonly {
    readonly name: string;
    readonly kind: string;
    readonly metrics: Readonly<Record<string, Estimate>>;
    /**
     * Service by region, format and segment, with the metrics of service. Absent if the traffic
     * has one series, or more than the recorder keeps.
     */
    readonly series?: readonly SeriesResult[];
    /** Absent without an SLO. */
    readonly slo?: SloOutcome;
    /**
     * How often the policy gave each reason, with refusals in brackets: mean per replication, over
     * the whole run.
     */
    readonly decisionReasons: Readonly<Record<string, number>>;
    /**
     * Requests abandoned or rejected during the warm-up, which no metric counts: mean per
     * replication.
     */
    readonly lostInWarmup: number;
    /** Rejected requests by reason: mean per replication, over the whole run. */
    readonly rejections: Readonly<Record<string, number>>;
    /** Trainings and replacements of the forecasters in the first replication, by series. */
    readonly trainers?: readonly TrainerSummary[];
    /** Where the user's policy failed: then there is no verdict on it. */
    readonly failures?: FailureSummary;
    /** Knobs of the scenario that the user's module never read. */
    readonly unreadKnobs?: readonly string[];
  }[];
  readonly comparisons: readonly Comparison[];
  /** With --frontier and --spawn-sweep. */
  readonly frontier?: FrontierDocument;
  readonly spawnSweep?: SpawnSweepDocument;
}

/** All inputs of a report. `runs[p][r]`: policy p, replication r. */
export interface ExperimentOutcome {
  readonly document: ResultDocument;
  readonly runs: readonly (readonly RunResult[])[];
}
