import { InputError } from "../../base/errors.js";
import { RandomStream } from "../../base/random.js";
import { formatCount } from "../../base/units.js";
import type { PlainValue } from "../../world/scenario/schema/value-range.js";

/** How the points of a design are chosen. */
export const DESIGNS = ["grid", "list", "random", "latin-hypercube"] as const;
export type Design = (typeof DESIGNS)[number];

/** One path of the scenario with the values that it takes. */
export interface Axis {
  readonly path: string;
  readonly values: readonly PlainValue[];
}

/** The values of one point, in the order of the axes. */
export type Point = readonly { readonly path: string; readonly value: PlainValue }[];

/**
 * Most points; more are refused with their count. At 10 ms each they would take hours before the
 * first policy runs.
 */
const MOST_POINTS = 100_000;

/**
 * The points of a design.
 * - `grid`: every combination, the last axis fastest.
 * - `list`: the axes side by side, or the points as they are written.
 * - `random`: each value drawn independently.
 * - `latin-hypercube`: each axis cut into `count` equal strata, one draw in each, in a random order
 *   per axis (McKay, Beckman, Conover 1979).
 *
 * The seed names the random stream, so the same sweep has the same points. A point that occurs
 * twice is taken once.
 */
export function pointsOf(
  design: Design,
  axes: readonly Axis[],
  points: number | readonly Point[] | undefined,
  seed: number,
): readonly Point[] {
  if (typeof points === "object") return distinct(points);
  switch (design) {
    case "grid":
      return grid(axes);
    case "list":
      return distinct((axes[0]?.values ?? []).map((_, i) => pointAt(axes, () => i)));
    case "random": {
      const random = new RandomStream(`${seed}/sweep/random`);
      const draw = (axis: Axis): number => random.integerBelow(axis.values.length);
      return distinct(Array.from({ length: bounded(points ?? 0) }, () => pointAt(axes, draw)));
    }
    case "latin-hypercube":
      return latinHypercube(axes, bounded(points ?? 0), new RandomStream(`${seed}/sweep/latin-hypercube`));
  }
}

function grid(axes: readonly Axis[]): readonly Point[] {
  const count = axes.reduce((product, axis) => product * axis.values.length, 1);
  bounded(count);
  return Array.from({ length: count }, (_, index) => {
    let rest = index;
    const at = new Map<string, number>();
    for (const axis of axes.toReversed()) {
      at.set(axis.path, rest % axis.values.length);
      rest = Math.floor(rest / axis.values.length);
    }
    return pointAt(axes, (axis) => at.get(axis.path) ?? 0);
  });
}

function latinHypercube(axes: readonly Axis[], count: number, random: RandomStream): readonly Point[] {
  const orders = new Map(axes.map((axis) => [axis.path, permutation(count, random)]));
  const points = Array.from({ length: count }, (_, i) =>
    pointAt(axes, (axis) => {
      const stratum = orders.get(axis.path)?.[i] ?? 0;
      return Math.floor(((stratum + random.uniform()) / count) * axis.values.length);
    }),
  );
  return distinct(points);
}

/** Fisher and Yates' shuffle. */
function permutation(count: number, random: RandomStream): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integerBelow(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function pointAt(axes: readonly Axis[], indexOf: (axis: Axis) => number): Point {
  return axes.map((axis) => ({ path: axis.path, value: axis.values[indexOf(axis)] }));
}

function distinct(points: readonly Point[]): readonly Point[] {
  return [...new Map(points.map((point) => [JSON.stringify(point), point])).values()];
}

function bounded(count: number): number {
  if (count <= MOST_POINTS) return count;
  throw new InputError({
    code: "HR1602",
    got: `a sweep of ${formatCount(count)} points`,
    expected: `at most ${formatCount(MOST_POINTS)}`,
    remedy: "Use fewer values, or design: latin-hypercube with points",
  });
}
