import { type JudgedDifference, judge } from "../../base/paired-verdict.js";
import { estimate, mean } from "../../base/statistics.js";
import { efficient, type FrontierPoint, type Match, matchOfCost, matchOfViolation, pointAt } from "./curve.js";

const CONFIDENCE = 0.95;

/** One setting in every replication: `cost[r]`, `violation[r]`. */
export interface Setting {
  /** The knob's value; NaN where the policy has none. */
  readonly value: number;
  readonly cost: readonly number[];
  readonly violation: readonly number[];
  /** The clairvoyant's cost at the same SLO; absent without prices. */
  readonly oracleCost?: readonly number[];
  /**
   * The largest share of failed decisions of a user's policy in a replication; absent if none
   * failed. The figures are then those of a fleet that nobody scaled, so they match nothing.
   */
  readonly failedDecisions?: number;
}

export interface MatchedEstimate {
  readonly value: number;
  /** null where there are fewer than two replications. */
  readonly halfWidth: number | null;
  readonly n: number;
}

/** The value of a policy's knob at a match. */
export interface MatchedSetting {
  /** null = the policy has no knob. */
  readonly value: number | null;
  /** Interpolated between two close settings, or a setting that was run. */
  readonly how: "interpolated" | "tried";
  /** The share of violating minutes there. */
  readonly violationRatio: number;
}

/**
 * A policy at a match. `perReplication` are values whose mean is `value`, and whose scatter is its
 * sampling error.
 */
export interface MatchedValue {
  readonly value: number;
  readonly perReplication: Float64Array;
  readonly setting: MatchedSetting;
}

interface SettingPoint extends FrontierPoint {
  readonly setting: Setting;
}

/**
 * Cost of a policy at a share of violating minutes. Its frontier consists of its settings' means
 * over the replications: an operator picks one setting for all days, not the best one of each day
 * in hindsight. Undefined if no setting reaches that share.
 */
export function costAtViolation(settings: readonly Setting[], violation: number): MatchedValue | undefined {
  const match = matchOfViolation(frontOf(settings), violation);
  if (match === undefined) return undefined;
  const slope = match.how === "tried" ? undefined : costPerLogViolation(match);
  const perReplication = combined(match, (setting, point) =>
    slope === undefined
      ? setting.cost
      : setting.cost.map((cost, r) => cost + slope * (setting.violation[r] / point.violation - 1)),
  );
  return { value: pointAt(match).cost, perReplication, setting: settingAt(match) };
}

/**
 * The share of violating minutes of a policy at a cost. `cost` is one value, or one per
 * replication (another policy's cost at a match). Undefined below the cost of its cheapest
 * setting.
 */
export function violationAtCost(settings: readonly Setting[], cost: Float64Array | number): MatchedValue | undefined {
  const at = typeof cost === "number" ? cost : mean(cost);
  const match = matchOfCost(frontOf(settings), at);
  if (match === undefined) return undefined;
  const value = pointAt(match).violation;
  const spent = (r: number): number => (typeof cost === "number" ? cost : cost[r]);
  const fall = match.how === "tried" ? undefined : value / costPerLogViolation(match);
  const perReplication = combined(match, (setting, point) =>
    fall === undefined
      ? setting.violation
      : setting.violation.map(
          (one, r) => value * (one / point.violation) + fall * (setting.cost[r] - point.cost - (spent(r) - at)),
        ),
  );
  return { value, perReplication, setting: settingAt(match) };
}

/** A value at a match with its interval (Student's). */
export function estimateOf(matched: MatchedValue): MatchedEstimate {
  return { value: matched.value, halfWidth: halfWidthOf(matched.perReplication), n: matched.perReplication.length };
}

/**
 * (candidate − baseline) / baseline with its interval. It is paired, so the common part of each
 * replication cancels; the ratio is linearised at the means (delta method). That is sound only if
 * the baseline is clear of 0 (Fieller 1954): a candidate of 0 would be −100 % ± 0 however uncertain
 * the baseline. Where its half width is above half its value, the interval is that of the
 * difference. Undefined if the baseline's value is 0.
 */
export function relativeDifference(candidate: MatchedValue, baseline: MatchedValue): MatchedEstimate | undefined {
  if (baseline.value === 0) return undefined;
  const ratio = candidate.value / baseline.value;
  const isClear = (estimateOf(baseline).halfWidth ?? 0) <= Math.abs(baseline.value) / 2;
  const linearisedAt = isClear ? ratio : 1;
  const errors = candidate.perReplication.map(
    (value, r) => (value - linearisedAt * baseline.perReplication[r]) / baseline.value,
  );
  return { value: ratio - 1, halfWidth: halfWidthOf(errors), n: errors.length };
}

/**
 * The verdict on a relative difference of a quantity that is better when lower; `step` is its
 * smallest relative change.
 */
export function judgeRelative({ value, halfWidth, n }: MatchedEstimate, step = 0): JudgedDifference {
  return judge({ delta: value, halfWidth, n, baseline: 1, candidate: 1 + value }, true, step, CONFIDENCE);
}

/** The front of the means of the settings at which the policy did not fail. */
export function frontOf(settings: readonly Setting[]): SettingPoint[] {
  const sound = settings.filter(({ failedDecisions }) => failedDecisions === undefined);
  return efficient(sound.map((setting) => ({ setting, cost: mean(setting.cost), violation: mean(setting.violation) })));
}

/**
 * Per replication, the weighted sum of `effect` over the settings of a match. The settings, their
 * weight and the slope between them are those of the means. To first order this equals the
 * jackknife (leaving a replication out and matching again). It is also defined where leaving one
 * out would reverse the order of two close settings.
 */
function combined(
  match: Match<SettingPoint>,
  effect: (setting: Setting, point: SettingPoint) => readonly number[],
): Float64Array {
  if (match.how === "tried") return Float64Array.from(effect(match.at.setting, match.at));
  const { thrifty, generous, weight } = match;
  const upper = effect(generous.setting, generous);
  return Float64Array.from(effect(thrifty.setting, thrifty), (value, r) => (1 - weight) * value + weight * upper[r]);
}

/** The cost of one e-fold of the violation between the two settings. */
function costPerLogViolation({ thrifty, generous }: Match<SettingPoint> & { readonly how: "interpolated" }): number {
  return (generous.cost - thrifty.cost) / Math.log(thrifty.violation / generous.violation);
}

function settingAt(match: Match<SettingPoint>): MatchedSetting {
  const violationRatio = pointAt(match).violation;
  if (match.how === "tried") {
    const { value } = match.at.setting;
    return { value: Number.isNaN(value) ? null : value, how: "tried", violationRatio };
  }
  const { thrifty, generous, weight } = match;
  return {
    value: knobBetween(thrifty.setting.value, generous.setting.value, weight),
    how: "interpolated",
    violationRatio,
  };
}

/**
 * A share of the way between two values of a knob: by the logarithm, or linear if one of them is
 * not above 0.
 */
export function knobBetween(from: number, to: number, weight: number): number {
  return from > 0 && to > 0 ? from * Math.exp(weight * Math.log(to / from)) : from + weight * (to - from);
}

function halfWidthOf(values: Float64Array): number | null {
  return estimate(values, CONFIDENCE).halfWidth;
}
