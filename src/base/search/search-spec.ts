import type { Judgements } from "./judgements.js";
import type { Lattice, Point } from "./lattice.js";

export interface SearchSpec {
  readonly lattices: readonly Lattice[];
  /**
   * Tests that a point must pass, except `mayMiss` of them. Costs are compared first in the
   * first.
   */
  readonly tests: readonly number[];
  /** Tests of each group that may be missed; 0 if left out. */
  readonly mayMiss?: number;
  /** The group of a test; one group if left out. No test of a group below 0 may be missed. */
  readonly groupOf?: (test: number) => number;
  /** Tests whose costs may be averaged: days of the ordinary world. The first part of `tests`. */
  readonly costTests: readonly number[];
  /**
   * Tests that, besides the first, bound every axis from below before the search begins: one of
   * each world. Used only if no test may be missed.
   */
  readonly boundTests?: readonly number[];
  /** The smallest relative difference in cost worth finding, such as 0.01. */
  readonly delta: number;
  /** Called with each point before it is judged: the cheapest that is not ruled out. */
  readonly onCandidate?: (point: Point) => void;
}

/**
 * The missed tests that rule a point out: one more of a group than it may miss. Undefined if the
 * point is not ruled out.
 */
export function ruledOut(
  { mayMiss = 0, groupOf = () => 0 }: Pick<SearchSpec, "mayMiss" | "groupOf">,
  judgements: Judgements,
  point: Point,
  tests: readonly number[],
): readonly number[] | undefined {
  const missed = new Map<number, number[]>();
  for (const test of judgements.byKills(tests)) {
    if (judgements.met(point, test) !== false) continue;
    const group = groupOf(test);
    const own = [...(missed.get(group) ?? []), test];
    if (own.length > (group < 0 ? 0 : mayMiss)) return own;
    missed.set(group, own);
  }
  return undefined;
}
