import type { Lattice, Point } from "./lattice.js";

export interface SearchSpec {
  readonly lattices: readonly Lattice[];
  /** A point must pass all of them. The first is where costs are compared first. */
  readonly tests: readonly number[];
  /**
   * Tests whose costs may be averaged: days of the ordinary world. A part of `tests` that begins
   * with its first.
   */
  readonly costTests: readonly number[];
  /**
   * Tests that bound every axis from below before the search begins, besides the first: one of each
   * world.
   */
  readonly boundTests?: readonly number[];
  /** Relative difference of cost that is worth finding, such as 0.01. */
  readonly delta: number;
  /** Called with each point that is about to be judged: the cheapest that nothing has ruled out. */
  readonly onCandidate?: (point: Point) => void;
}
