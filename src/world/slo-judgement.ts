import type { LogHistogram } from "../base/histogram.js";
import { kaplanMeierShareAbove } from "../base/kaplan-meier.js";
import type { RunSums } from "./metric-table.js";
import { slowAboveOf } from "./recorder/slo-minutes.js";
import type { SloSpec } from "./scenario/sections/slo.js";

/** A bound of the SLO that a replication exceeds. */
export interface SloMiss {
  readonly bound: "startLatency" | "rejectedRatio" | "abandonedRatio" | "interruptedRatio" | "violatingMinutes";
  /**
   * A share of first attempts or of measured minutes. For `startLatency` the share that waited
   * longer than its bound in ms.
   */
  readonly share: number;
  readonly allowed: number;
}

/**
 * Whether one replication meets the SLO. `misses` lists what it exceeds; empty if it meets
 * everything.
 */
export interface SloJudgement {
  readonly met: boolean;
  readonly misses: readonly SloMiss[];
}

/** The measured window, and the waits of its first attempts. */
export interface SloWindow {
  /** Of those that started, and how many of them started within the bound, exactly. */
  readonly started: LogHistogram;
  readonly startedWithin: number;
  /** Waits so far of requests that still wait at the end: their waits are at least as long. */
  readonly stillWaiting: LogHistogram;
  /**
   * Requests abandoned after more than the bound. Those abandoned earlier do not count against the
   * percentile; abandonedRatio counts all.
   */
  readonly gaveUpLate: number;
  /** Minutes of the clock that the measured window touches. */
  readonly minutes: number;
}

/** Products and sums of shares differ by rounding: 0.29 of 100 is 28.999999999999996. */
const ROUNDING = 1e-12;

/**
 * Judges the whole measured window of one replication by the SLO. The start-latency percentile
 * holds if at most 1 − p of the first attempts waited longer than its bound. A request that still
 * waits at the end has waited at least that long (Kaplan and Meier); one abandoned after more than
 * the bound is late. Ratios divide by first attempts. `violatingMinutes` bounds the minutes that
 * violate on their own.
 */
export function judgeSlo(slo: SloSpec, sums: RunSums, window: SloWindow): SloJudgement {
  const misses: SloMiss[] = [];
  const hold = (bound: SloMiss["bound"], share: number, allowed: number | undefined): void => {
    if (allowed !== undefined && share > allowed * (1 + ROUNDING) + ROUNDING) misses.push({ bound, share, allowed });
  };
  const ofArrivals = (count: number): number => (sums.arrivals === 0 ? 0 : count / sums.arrivals);
  if (slo.startLatency !== undefined) {
    const { probability } = slo.startLatency;
    const at = {
      boundMs: slowAboveOf(slo),
      endedWithin: window.startedWithin,
      beyond: window.gaveUpLate,
    };
    hold("startLatency", kaplanMeierShareAbove(window.started, window.stillWaiting, at), 1 - probability);
  }
  hold("rejectedRatio", ofArrivals(sums.rejected), slo.rejectedRatio);
  hold("abandonedRatio", ofArrivals(sums.abandoned), slo.abandonedRatio);
  hold("interruptedRatio", ofArrivals(sums.interrupted), slo.interruptedRatio);
  const { minutes } = window;
  const budget = slo.violatingMinutes;
  const allowed = budget === undefined || "share" in budget ? budget?.share : budget.minutes / minutes;
  hold("violatingMinutes", (sums.sloViolationMinutes ?? 0) / minutes, allowed);
  return { met: misses.length === 0, misses };
}
