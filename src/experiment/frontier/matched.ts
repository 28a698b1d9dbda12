import { estimate } from "../../base/statistics.js";
import { efficient, type FrontierPoint } from "./curve.js";

const CONFIDENCE = 0.95;

/** One setting in every replication: `cost[r]`, `violation[r]`. */
export interface Setting {
  readonly value: number;
  readonly cost: readonly number[];
  readonly violation: readonly number[];
  /** The clairvoyant's cost at the same SLO; absent where nothing has a price. */
  readonly oracleCost?: readonly number[];
}

export interface MatchedEstimate {
  readonly value: number;
  /** null where there are fewer than two replications. */
  readonly halfWidth: number | null;
  readonly n: number;
}

/**
 * A statistic of several policies' frontiers, with its interval. Each policy's frontier is made of its settings' means over the replications: an
 * operator picks one setting for all days to come, not the best one of each day after the fact. The value is `statistic` of
 * these frontiers; its interval is the jackknife's (Tukey 1958): replication r is left out of every policy at once, so that what is common to
 * them drops out, and the n pseudo-values n·θ − (n−1)·θ₍₋ᵣ₎ are taken for independent. Undefined where the statistic has no answer
 * for all replications or without any one of them.
 */
export function matched(
  policies: readonly (readonly Setting[])[],
  statistic: (fronts: readonly (readonly FrontierPoint[])[]) => number | undefined,
): MatchedEstimate | undefined {
  const n = Math.min(...policies.flatMap((settings) => settings.map((setting) => setting.cost.length)));
  if (!(n >= 1) || n === Number.POSITIVE_INFINITY) return undefined;
  const without = (left: number): number | undefined =>
    statistic(policies.map((settings) => efficient(settings.map((setting) => meanPoint(setting, n, left)))));
  const all = without(-1);
  if (all === undefined) return undefined;
  if (n === 1) return { value: all, halfWidth: null, n };
  const pseudo: number[] = [];
  for (let r = 0; r < n; r++) {
    const rest = without(r);
    if (rest === undefined) return undefined;
    pseudo.push(n * all - (n - 1) * rest);
  }
  return { value: all, halfWidth: estimate(pseudo, CONFIDENCE).halfWidth, n };
}

function meanPoint(setting: Setting, n: number, left: number): FrontierPoint {
  let cost = 0;
  let violation = 0;
  for (let r = 0; r < n; r++) {
    if (r === left) continue;
    cost += setting.cost[r];
    violation += setting.violation[r];
  }
  const count = left < 0 ? n : n - 1;
  return { cost: cost / count, violation: violation / count };
}
