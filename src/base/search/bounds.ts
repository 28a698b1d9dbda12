import type { Judgements } from "./judgements.js";
import { type Lattice, movedTo, type Point, type Probe, type ProbeResult, topOf } from "./lattice.js";

/**
 * A search is a generator: it yields batches of runs and receives their results in the same
 * order.
 */
export type Steps<T> = Generator<readonly Probe[], T, readonly ProbeResult[]>;

/** Runs those of the probes whose results are not known yet. */
export function* runAll(judgements: Judgements, probes: readonly Probe[]): Steps<void> {
  const open = probes.filter((probe) => judgements.seen(probe, probe.test) === undefined);
  if (open.length === 0) return;
  const results = yield open;
  open.forEach((probe, i) => {
    judgements.record(probe, results[i]);
  });
}

/**
 * A lower bound on each axis: the lowest value that can pass `test` while all other axes are at
 * their safest. No point below it on any axis passes. Undefined if not even the safest point
 * passes.
 */
export function* lowerCorner(
  judgements: Judgements,
  lattices: readonly Lattice[],
  l: number,
  test: number,
): Steps<Point | undefined> {
  const top = topOf(lattices, l);
  yield* runAll(judgements, [{ ...top, test }]);
  if (judgements.met(top, test) !== true) return undefined;
  const at: number[] = [];
  for (let axis = 0; axis < top.at.length; axis++) {
    const start = lattices[l].start?.[axis];
    at.push(yield* leastPassing(judgements, top, axis, test, -1, start));
  }
  return { lattice: l, at };
}

/**
 * Raises the point on each axis to the least value at which the test can pass while all other
 * axes are at their safest. Returns the point itself if no single axis needs more, and undefined
 * if not even the safest point passes.
 */
export function* liftedFor(
  judgements: Judgements,
  lattices: readonly Lattice[],
  point: Point,
  test: number,
): Steps<Point | undefined> {
  const top = topOf(lattices, point.lattice);
  if (judgements.met(top, test) === undefined) yield* runAll(judgements, [{ ...top, test }]);
  if (judgements.met(top, test) !== true) return undefined;
  const values = yield* inStep(point.at.map((value, axis) => liftedValue(judgements, top, axis, value, test)));
  return { lattice: point.lattice, at: values };
}

function* liftedValue(judgements: Judgements, top: Point, axis: number, value: number, test: number): Steps<number> {
  const alone = movedTo(top, axis, value);
  if (judgements.met(alone, test) === undefined) yield* runAll(judgements, [{ ...alone, test }]);
  if (judgements.met(alone, test) === true) return value;
  return yield* leastPassing(judgements, top, axis, test, value, value + 1);
}

/**
 * The least value of an axis at which the test is met. `safe` passes; values up to `failing`
 * miss. From `start` the steps double, then they halve. A good start costs two runs, a bad one
 * twice the logarithm of the distance.
 */
function* leastPassing(
  judgements: Judgements,
  safe: Point,
  axis: number,
  test: number,
  failing: number,
  start: number | undefined,
): Steps<number> {
  let low = failing;
  let high = safe.at[axis];
  let step = 1;
  let next = start === undefined ? Math.floor((low + high) / 2) : start;
  while (high - low > 1) {
    next = Math.min(high - 1, Math.max(low + 1, next));
    const point = movedTo(safe, axis, next);
    if (judgements.met(point, test) === undefined) yield* runAll(judgements, [{ ...point, test }]);
    if (judgements.met(point, test) === true) {
      high = next;
      next = low === failing && start !== undefined ? high - step : Math.floor((low + high) / 2);
    } else {
      low = next;
      next = high === safe.at[axis] && start !== undefined ? low + step : Math.floor((low + high) / 2);
    }
    step *= 2;
  }
  return high;
}

/** Runs several searches side by side: their requests of one round form one batch. */
export function* inStep<T>(searches: readonly Steps<T>[]): Steps<readonly T[]> {
  const results: T[] = [];
  let waiting = searches.map((search, i) => ({ search, i, asked: search.next() }));
  for (;;) {
    for (const { i, asked } of waiting) if (asked.done === true) results[i] = asked.value;
    waiting = waiting.filter(({ asked }) => asked.done !== true);
    if (waiting.length === 0) return results;
    const batches = waiting.map(({ asked }) => asked.value as readonly Probe[]);
    const answers = yield batches.flat();
    let from = 0;
    waiting = waiting.map(({ search, i }, w) => {
      const own = answers.slice(from, from + batches[w].length);
      from += batches[w].length;
      return { search, i, asked: search.next(own) };
    });
  }
}
