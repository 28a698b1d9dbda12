import type { Judgements } from "./judgements.js";
import type { Lattice, Point } from "./lattice.js";

export interface SearchSpec {
  readonly lattices: readonly Lattice[];
  /** What a point must pass, but for `mayMiss`. The first is where costs are compared first. */
  readonly tests: readonly number[];
  /** So many tests of each group may be missed; 0 if left out. */
  readonly mayMiss?: number;
  /** The group of a test; all are of one if left out. Of a group below 0 none may be missed. */
  readonly groupOf?: (test: number) => number;
  /**
   * Tests whose costs may be averaged: days of the ordinary world. A part of `tests` that begins
   * with its first.
   */
  readonly costTests: readonly number[];
  /**
   * Tests that bound every axis from below before the search begins, besides the first: one of each
   * world. Only where none may be missed.
   */
  readonly boundTests?: readonly number[];
  /** Relative difference of cost that is worth finding, such as 0.01. */
  readonly delta: number;
  /** Called with each point that is about to be judged: the cheapest that nothing has ruled out. */
  readonly onCandidate?: (point: Point) => void;
}

/**
 * The missed tests that rule a point out: one more of a group than may be missed. Undefined as long
 * as nothing does.
 */
export function ruledOut(
  { mayMiss = 0, groupOf = () => 0 }: Pick<SearchSpec, "mayMiss" | "groupOf">,
  book: Judgements,
  point: Point,
  tests: readonly number[],
): readonly number[] | undefined {
  const missed = new Map<number, number[]>();
  for (const test of book.byKills(tests)) {
    if (book.met(point, test) !== false) continue;
    const group = groupOf(test);
    const own = [...(missed.get(group) ?? []), test];
    if (own.length > (group < 0 ? 0 : mayMiss)) return own;
    missed.set(group, own);
  }
  return undefined;
}
