import { roughCostAt } from "../frontier/curve.js";
import { frontOf } from "../frontier/matched.js";
import type { ArmFrontier } from "./arm-frontier.js";
import type { ArmGroup } from "./arms.js";
import { LOOSE, STRICT } from "./verdicts.js";

/**
 * An arm is refined if its coarse pass is at most this much more expensive than the cheapest of
 * its group. One replication at every second setting misses a frontier by up to 1.5 % (NASA and
 * World Cup, against ten replications).
 */
const MARGIN = 0.05;

/** Groups of which only the best arm counts: an arm far behind it is not refined. */
const RACED: readonly ArmGroup[] = ["shipped", "equalised"];

/**
 * Whether each arm goes on to the fine pass: it is within 5 % of the best of its group at 1 % or at
 * 0.1 % violating minutes, or its group is not raced.
 */
export function contenders(coarse: readonly ArmFrontier[]): boolean[] {
  const costs = coarse.map((one) => [LOOSE, STRICT].map((violation) => coarseCost(one, violation)));
  return coarse.map((one, i) => {
    if (!RACED.includes(one.arm.group)) return true;
    const rivals = coarse.flatMap((other, j) => (other.arm.group === one.arm.group ? [costs[j]] : []));
    return costs[i].some((cost, match) => {
      const best = Math.min(...rivals.map((rival) => rival[match] ?? Number.POSITIVE_INFINITY));
      // If no arm reaches the match, the coarse pass excludes none.
      return best === Number.POSITIVE_INFINITY ? match === 0 : cost !== undefined && cost <= best * (1 + MARGIN);
    });
  });
}

function coarseCost(frontier: ArmFrontier, violation: number): number | undefined {
  return roughCostAt(frontOf(frontier.settings), violation);
}
