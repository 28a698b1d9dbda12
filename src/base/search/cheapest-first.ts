import { inStep, liftedFor, lowerCorner, runAll, type Steps } from "./bounds.js";
import { Judgements } from "./judgements.js";
import { notchesUp, type Point, pointKey, topOf } from "./lattice.js";
import { cheapestOf } from "./rank-by-cost.js";
import { ruledOut, type SearchSpec } from "./search-spec.js";

export interface SearchOutcome {
  /** The cheapest point that passes the tests; undefined where none does. */
  readonly winner: Point | undefined;
  /**
   * Judged points next in cost, cheapest first, with the test that they miss; one or more per
   * lattice.
   */
  readonly others: readonly { readonly point: Point; readonly misses: number | undefined }[];
}

/**
 * Runs per batch: few at first, since a poor point fails early; then enough for all cores. Fixed,
 * so that results do not depend on the machine.
 */
const BATCHES = [2, 4, 8];
/**
 * Candidates whose cost in the first test is within this share of the winner's are rivals: their
 * costs are compared over more tests.
 */
const RIVAL_MARGIN = 0.03;
const MOST_RIVALS = 5;

interface Candidate {
  readonly point: Point;
  readonly cost: number;
}

/**
 * Finds the cheapest point that passes all tests, except those that it may miss. Points are taken
 * in the order of their cost in the first test. Each is run first in the tests that most other
 * points missed. A point that misses a test is replaced: it is raised along each axis as far as
 * that test alone requires, or by its neighbours one notch up. The points below it are ruled out.
 * So a poor point costs about two runs, and only the winner is run in every test.
 *
 * With a single axis, each test has a threshold. The answer is the largest threshold, or the
 * (f+1)-th largest if f tests may be missed: a point then fails at its (f+1)-th miss, and points
 * that pass any one of these f+1 tests stay in the search.
 */
export function* cheapestFirst(spec: SearchSpec, judgements = new Judgements()): Steps<SearchOutcome> {
  const search = new Search(spec, judgements);
  yield* search.begin();
  for (;;) {
    const candidate = search.takeCheapest();
    if (candidate === undefined) return search.outcome(undefined);
    spec.onCandidate?.(candidate.point);
    const missed = yield* search.judge(candidate.point);
    if (missed !== undefined) {
      yield* search.raise(candidate.point, missed);
      continue;
    }
    const rivals = search.rivals(candidate.cost * (1 + RIVAL_MARGIN)).slice(0, MOST_RIVALS);
    const winner = yield* cheapestOf(spec, judgements, candidate.point, rivals, (point) => search.judge(point));
    return search.outcome(winner);
  }
}

class Search {
  private queue: Candidate[] = [];
  private readonly queued = new Set<string>();
  /** Lattices whose safest point misses a test. */
  private readonly dead = new Set<number>();
  private readonly judged: { point: Point; misses: number | undefined }[] = [];

  constructor(
    private readonly spec: SearchSpec,
    private readonly judgements: Judgements,
  ) {}

  /**
   * Each lattice begins at the lowest corner that passes the first test and the bounding tests.
   * If f tests may be missed, it begins at the corners of the first f+1 tests, one of which must
   * pass.
   */
  *begin(): Steps<void> {
    const { lattices, tests, mayMiss = 0 } = this.spec;
    const begun =
      mayMiss === 0
        ? lattices.map((_, l) => this.corner(l))
        : lattices.flatMap((_, l) =>
            tests.slice(0, mayMiss + 1).map((test) => lowerCorner(this.judgements, lattices, l, test)),
          );
    const corners = (yield* inStep(begun)).filter((corner) => corner !== undefined);
    if (mayMiss > 0) this.recordHopeless(corners);
    yield* this.add(corners);
  }

  /** Lattices whose safest point misses each of the first tests. */
  private recordHopeless(corners: readonly Point[]): void {
    const { lattices, tests } = this.spec;
    lattices.forEach((_, l) => {
      if (corners.every((corner) => corner.lattice !== l))
        this.judged.push({ point: topOf(lattices, l), misses: tests[0] });
    });
  }

  private *corner(l: number): Steps<Point | undefined> {
    const { lattices, tests, boundTests = [] } = this.spec;
    let corner = yield* lowerCorner(this.judgements, lattices, l, tests[0]);
    let missed = tests[0];
    for (const test of boundTests) {
      if (corner === undefined) break;
      missed = test;
      corner = yield* liftedFor(this.judgements, lattices, corner, test);
    }
    if (corner === undefined) this.judged.push({ point: topOf(lattices, l), misses: missed });
    return corner;
  }

  takeCheapest(): Candidate | undefined {
    let best = 0;
    for (let i = 1; i < this.queue.length; i++) if (this.queue[i].cost < this.queue[best].cost) best = i;
    return this.queue.splice(best, 1)[0];
  }

  /** Candidates not yet judged that cost at most this in the first test, cheapest first. */
  rivals(most: number): Point[] {
    const near = this.queue.filter(({ cost }) => cost <= most).sort((a, b) => a.cost - b.cost);
    return near.map(({ point }) => point);
  }

  /**
   * Runs tests until the point misses too many. Returns those tests, or undefined if it passes.
   */
  *judge(point: Point): Steps<readonly number[] | undefined> {
    const { tests } = this.spec;
    for (let batch = 0; ; batch++) {
      const missed = ruledOut(this.spec, this.judgements, point, tests);
      if (missed !== undefined) {
        this.judged.push({ point, misses: missed[0] });
        return missed;
      }
      const open = this.judgements.byKills(tests).filter((test) => this.judgements.met(point, test) === undefined);
      if (open.length === 0) return undefined;
      const next = open.slice(0, BATCHES[Math.min(batch, BATCHES.length - 1)]);
      yield* runAll(
        this.judgements,
        next.map((test) => ({ ...point, test })),
      );
    }
  }

  /**
   * Replaces a point that misses too many tests. For each of these tests the point is raised
   * along the axes on which the test requires more. If there is no such axis, its neighbours take
   * its place.
   */
  *raise(point: Point, missed: readonly number[]): Steps<void> {
    const { lattices } = this.spec;
    const lifted = yield* inStep(missed.map((test) => liftedFor(this.judgements, lattices, point, test)));
    const next = lifted.filter((one) => one !== undefined);
    if (next.length === 0) {
      this.judged.push({ point: topOf(lattices, point.lattice), misses: missed[0] });
      this.dead.add(point.lattice);
      this.queue = this.queue.filter((candidate) => candidate.point.lattice !== point.lattice);
      return;
    }
    const isHigher = (one: Point): boolean => pointKey(one) !== pointKey(point);
    yield* this.add(next.every(isHigher) ? next : this.openAbove(point));
  }

  outcome(winner: Point | undefined): SearchOutcome {
    const isWinner = (point: Point): boolean => winner !== undefined && pointKey(point) === pointKey(winner);
    const left = this.queue.map(({ point }) => ({ point, misses: undefined }));
    return { winner, others: [...this.judged, ...left].filter(({ point }) => !isWinner(point)) };
  }

  /** The lowest points above this one that no run has ruled out yet. */
  private openAbove(point: Point): Point[] {
    const { lattices, tests } = this.spec;
    const open: Point[] = [];
    const stack = notchesUp(lattices, point);
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (this.queued.has(pointKey(next))) continue;
      if (ruledOut(this.spec, this.judgements, next, tests) === undefined) {
        open.push(next);
        continue;
      }
      this.queued.add(pointKey(next));
      stack.push(...notchesUp(lattices, next));
    }
    return open;
  }

  /** Puts points into the queue, each with its cost in the first test. */
  private *add(points: readonly Point[]): Steps<void> {
    const [first] = this.spec.tests;
    const fresh = points.filter((point) => !this.queued.has(pointKey(point)) && !this.dead.has(point.lattice));
    for (const point of fresh) this.queued.add(pointKey(point));
    yield* runAll(
      this.judgements,
      fresh.map((point) => ({ ...point, test: first })),
    );
    for (const point of fresh) {
      const cost = this.judgements.seen(point, first)?.cost ?? Number.POSITIVE_INFINITY;
      this.queue.push({ point, cost });
    }
  }
}
