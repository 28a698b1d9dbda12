import { KimNelson } from "../kim-nelson.js";
import { runAll, type Steps } from "./bounds.js";
import type { Judgements } from "./judgements.js";
import type { Point } from "./lattice.js";
import { ruledOut, type SearchSpec } from "./search-spec.js";

/**
 * 1 − α of the selection by cost, and replications before the first comparison
 * (reference/planning.md).
 */
const ALPHA = 0.025;
const FIRST_STAGE = 10;

/**
 * The cheapest of a point that passes all tests and its rivals, which may pass them. A rival is
 * dropped when it misses a test, or by its cost (KN over the cost tests). A cheaper rival that
 * remains must pass all tests as well.
 */
export function* cheapestOf(
  spec: SearchSpec,
  judgements: Judgements,
  winner: Point,
  rivals: readonly Point[],
  judge: (point: Point) => Steps<readonly number[] | undefined>,
): Steps<Point> {
  const { costTests } = spec;
  const firstStage = Math.min(FIRST_STAGE, costTests.length);
  if (rivals.length === 0 || firstStage < 2) return winner;
  const systems = [winner, ...rivals];
  const costOf = (point: Point, test: number): number => judgements.seen(point, test)?.cost ?? Number.POSITIVE_INFINITY;
  const first = costTests.slice(0, firstStage);
  yield* runFirst(spec, judgements, systems, first);
  const mean = first.reduce((sum, test) => sum + costOf(winner, test), 0) / firstStage;
  const open = [winner, ...rivals.filter((rival) => ruledOut(spec, judgements, rival, first) === undefined)];
  if (open.length === 1 || !(mean > 0)) return winner;
  const race = new KimNelson({ systems: open.length, delta: spec.delta * mean, alpha: ALPHA, firstStage });
  for (const [n, test] of costTests.entries()) {
    const alive = race.survivors.map((i) => open[i]);
    if (n >= firstStage) {
      if (alive.length === 1) break;
      yield* runAll(
        judgements,
        alive.map((point) => ({ ...point, test })),
      );
    }
    race.add(open.map((point) => (alive.includes(point) ? costOf(point, test) : 0)));
  }
  const best = open[race.leader];
  if (best === winner) return winner;
  return (yield* judge(best)) === undefined ? best : winner;
}

/**
 * Runs the first stage test by test, so that a rival that misses a test costs no further runs.
 */
function* runFirst(
  spec: SearchSpec,
  judgements: Judgements,
  systems: readonly Point[],
  tests: readonly number[],
): Steps<void> {
  for (const test of tests) {
    const alive = systems.filter((point, i) => i === 0 || ruledOut(spec, judgements, point, tests) === undefined);
    if (alive.length === 1) return;
    yield* runAll(
      judgements,
      alive.map((point) => ({ ...point, test })),
    );
  }
}
