import { estimate, type MeanEstimate, mean } from "../../base/statistics.js";
import type { RunResult } from "../../world/run-result.js";
import type { Scenario } from "../../world/scenario/scenario.js";

/** The goal of an attack. */
export type Goal =
  /**
   * Reached if the policy exceeds its SLO by this factor; with a baseline, by this factor more
   * than the baseline.
   */
  | { readonly kind: "slo"; readonly factor: number }
  /** Reached if the policy costs this factor of the baseline's cost without better service. */
  | { readonly kind: "loss"; readonly factor: number }
  /** Reached if the desired count of a pool turns this often in an hour. */
  | { readonly kind: "oscillation"; readonly perHour: number };

/** Figures of one policy's run, for a goal. */
export interface RunFigures {
  readonly met: boolean;
  /** The largest share / allowed over the bounds of the SLO; 1 where all are met. */
  readonly excess: number;
  /** Money if the scenario has prices, else streamlet-hours. */
  readonly cost: number;
  /** Turns of the wanted count per hour, in the pool that turns most. */
  readonly turnsPerHour: number;
}

/**
 * One world under attack: figures by replication, of the policy and of its baseline, if there is
 * one.
 */
export interface TrialFigures {
  readonly policy: readonly RunFigures[];
  readonly against: readonly RunFigures[] | undefined;
}

/** How far a world is from the goal. */
export interface Margin {
  /**
   * Per replication: the logarithm of the goal's ratio, less that of the factor; above 0 the goal
   * is reached.
   */
  readonly estimate: MeanEstimate;
  /** False if the policy pays more for better service, which is no failure. */
  readonly comparable: boolean;
  /** Shown with 95 % confidence: the interval is above 0. */
  readonly holds: boolean;
}

const CONFIDENCE = 0.95;
/** A bound of 0 is treated as 0.1 %, so that no ratio is infinite. */
const LEAST_ALLOWED = 0.001;
/** Replaces 0 turns per hour, so that the logarithm exists. */
const FEWEST_TURNS = 0.01;
const HOUR_MS = 3_600_000;

export function figuresOfRun(result: RunResult, { durationMs, cost }: Scenario): RunFigures {
  const { slo, metrics, directionChanges } = result;
  const shares = (slo?.misses ?? []).map(({ share, allowed }) => share / Math.max(allowed, LEAST_ALLOWED));
  return {
    met: slo?.met ?? true,
    excess: Math.max(1, ...shares),
    cost: cost === undefined ? metrics.streamletHours : metrics.cost,
    turnsPerHour: Math.max(0, ...directionChanges) / (durationMs / HOUR_MS),
  };
}

/** The ratio that the goal is about, by replication. */
function ratiosOf(goal: Goal, { policy, against }: TrialFigures): number[] {
  switch (goal.kind) {
    case "slo":
      return policy.map(({ excess }, r) => excess / (against?.[r].excess ?? 1));
    case "loss":
      return policy.map(({ cost }, r) => cost / Math.max(against?.[r].cost ?? cost, Number.MIN_VALUE));
    case "oscillation":
      return policy.map(({ turnsPerHour }) => Math.max(turnsPerHour, FEWEST_TURNS));
  }
}

/** The bound that the ratio is compared with. */
export function boundOf(goal: Goal): number {
  return goal.kind === "oscillation" ? goal.perHour : goal.factor;
}

/** Ratios are judged as logarithms, so that one extreme replication does not dominate. */
export function marginOf(goal: Goal, figures: TrialFigures): Margin {
  const bound = Math.log(boundOf(goal));
  const logs = ratiosOf(goal, figures).map((ratio) => Math.log(ratio) - bound);
  const found = estimate(logs, CONFIDENCE);
  const comparable = goal.kind !== "loss" || !servesBetter(figures);
  const missed = goal.kind !== "slo" || figures.policy.some(({ met }) => !met);
  const low = found.mean - (found.halfWidth ?? Number.POSITIVE_INFINITY);
  return { estimate: found, comparable, holds: comparable && missed && low > 0 };
}

function servesBetter({ policy, against }: TrialFigures): boolean {
  if (against === undefined) return false;
  const met = (runs: readonly RunFigures[]): number => runs.filter((run) => run.met).length;
  const excess = (runs: readonly RunFigures[]): number => mean(runs.map((run) => run.excess));
  return met(policy) > met(against) || excess(policy) < excess(against);
}

/** The ratio as its geometric mean with its 95 % interval. */
export function ratioInterval(goal: Goal, figures: TrialFigures): RatioInterval {
  const logs = ratiosOf(goal, figures).map((ratio) => Math.log(ratio));
  const { mean: centre, halfWidth, n } = estimate(logs, CONFIDENCE);
  const half = halfWidth ?? Number.NaN;
  return { ratio: Math.exp(centre), low: Math.exp(centre - half), high: Math.exp(centre + half), n };
}

export interface RatioInterval {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Replications. */
  readonly n: number;
}
