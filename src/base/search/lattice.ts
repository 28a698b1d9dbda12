/**
 * Choices that differ only in ordered knobs. Each axis runs from cheap (0) to safe. Each test is
 * assumed to be monotone: if a point misses it, all points below miss it; if a point passes, all
 * above pass.
 */
export interface Lattice {
  /** Values along each axis, at least 1; no axis = a single point. */
  readonly sizes: readonly number[];
  /** Where the search begins on each axis; the middle if left out. */
  readonly start?: readonly number[];
}

/** A point of one lattice: an index along each axis. */
export interface Point {
  readonly lattice: number;
  readonly at: readonly number[];
}

/** One run: a point in one test. A test brings the same day to every point. */
export interface Probe extends Point {
  readonly test: number;
}

export interface ProbeResult {
  /** The day met the service level. */
  readonly met: boolean;
  readonly cost: number;
}

export function pointKey(point: Point): string {
  return `${point.lattice}:${point.at.join(",")}`;
}

/** Whether a is at least as safe as b along every axis. */
export function covers(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, i) => value >= b[i]);
}

export function topOf(lattices: readonly Lattice[], lattice: number): Point {
  return { lattice, at: lattices[lattice].sizes.map((size) => size - 1) };
}

/** The points one notch up, one per axis that has a further notch. */
export function notchesUp(lattices: readonly Lattice[], point: Point): Point[] {
  const { sizes } = lattices[point.lattice];
  return point.at.flatMap((value, axis) => (value + 1 < sizes[axis] ? [movedTo(point, axis, value + 1)] : []));
}

/** The points one notch down, one per axis that has a further notch. */
export function notchesDown(point: Point): Point[] {
  return point.at.flatMap((value, axis) => (value > 0 ? [movedTo(point, axis, value - 1)] : []));
}

export function movedTo(point: Point, axis: number, value: number): Point {
  return { lattice: point.lattice, at: point.at.map((old, i) => (i === axis ? value : old)) };
}
