import { bestAt } from "../frontier/frontier.js";
import { costAtViolation, type MatchedEstimate, relativeDifference, violationAtCost } from "../frontier/matched.js";
import type { ArmFrontier } from "./arm-frontier.js";
import type { ArmGroup } from "./arms.js";

/** Where violations and costs are matched. */
export const LOOSE = 0.01;
export const STRICT = 0.001;

/**
 * The predictive policy against the best arm of a group. Negative is better; null if one of them
 * cannot reach the match.
 */
export interface GroupVerdict {
  readonly group: ArmGroup;
  /**
   * The cheapest of the group at 1 %; violating minutes of the predictive policy at that cost,
   * relative to that 1 %.
   */
  readonly bestLoose: string | null;
  readonly violations: MatchedEstimate | null;
  /** The cheapest of the group at 0.1 %, and the predictive policy's cost there, relative to it. */
  readonly bestStrict: string | null;
  readonly cost: MatchedEstimate | null;
}

/** The verdicts of one world, one for each group that it has. */
export function groupVerdicts(frontiers: readonly ArmFrontier[], groups: readonly ArmGroup[]): GroupVerdict[] {
  const predictive = frontiers.find((one) => one.arm.group === "predictive");
  if (predictive === undefined) return [];
  return groups.map((group) => {
    const rivals = frontiers.filter((one) => one.arm.group === group && one.coarse !== true);
    const loose = bestAt(rivals, LOOSE);
    const strict = bestAt(rivals, STRICT);
    return {
      group,
      bestLoose: loose?.name ?? null,
      violations: loose === undefined ? null : violationsAgainst(loose, predictive),
      bestStrict: strict?.name ?? null,
      cost: strict === undefined ? null : costAgainst(strict, predictive, STRICT),
    };
  });
}

/**
 * Violating minutes of the candidate at the cost at which the rival has 1 %, relative to the
 * rival's.
 */
function violationsAgainst(rival: ArmFrontier, candidate: ArmFrontier): MatchedEstimate | null {
  const spent = costAtViolation(rival.settings, LOOSE)?.perReplication;
  if (spent === undefined) return null;
  const [from, to] = [rival, candidate].map((one) => violationAtCost(one.settings, spent));
  return from === undefined || to === undefined ? null : (relativeDifference(to, from) ?? null);
}

/** Cost of the candidate at a share of violating minutes, relative to the rival's. */
export function costAgainst(rival: ArmFrontier, candidate: ArmFrontier, violation: number): MatchedEstimate | null {
  const [from, to] = [rival, candidate].map((one) => costAtViolation(one.settings, violation));
  return from === undefined || to === undefined ? null : (relativeDifference(to, from) ?? null);
}
