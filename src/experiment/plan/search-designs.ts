import { binomialTail } from "../../base/binomial.js";
import { InputError } from "../../base/errors.js";
import { runAll, type Steps } from "../../base/search/bounds.js";
import { cheapestFirst } from "../../base/search/cheapest-first.js";
import { Judgements } from "../../base/search/judgements.js";
import { type Lattice, movedTo, type Point, type Probe, type ProbeResult } from "../../base/search/lattice.js";
import type { Day, DayRuns, Design } from "./day-runs.js";
import { choiceAt, type Line, latticeOf, linesOf, MOST_LINES } from "./designs.js";
import type { Variable } from "./variable.js";

/**
 * A knob whose runs contradict its order, or that has none: each of its values was judged by
 * itself.
 */
interface Fallback {
  readonly path: string;
  readonly reason: string;
}

/**
 * A design that was looked at, with the test that it is known to miss (undefined: dearer than the
 * answer, not ruled out).
 */
export interface SeenDesign {
  readonly design: Design;
  readonly misses: Day | undefined;
}

export interface SearchOfDesigns {
  readonly lines: readonly Line[];
  readonly winner: { readonly design: Design; readonly line: number; readonly point: Point } | undefined;
  readonly others: readonly SeenDesign[];
  readonly fallbacks: readonly Fallback[];
}

export interface DesignSearchSpec {
  readonly policies: number;
  /** Designs of this policy alone. */
  readonly only?: number;
  readonly variables: readonly Variable[];
  /**
   * Days that the plan must meet; the first `costDays` are of the ordinary world, and their costs
   * are compared.
   */
  readonly days: readonly Day[];
  readonly costDays: number;
  /** What sizing says of a variable, if it can. */
  readonly sized: (variable: Variable) => number | undefined;
  readonly onCandidate?: (design: Design) => void;
}

/** A difference of 1 % of cost is worth finding (reference/planning.md). */
const DELTA = 0.01;
/**
 * Pairs of runs may contradict the order of a knob in this share of days; where more do than chance
 * would explain (5 %), each value is judged by itself.
 */
const MOST_INVERSIONS = 0.02;
const CHANCE = 0.05;
/** This share of the days is run above the answer as well, to audit the order of each knob. */
const AUDITED_DAYS = 0.1;

/**
 * The third phase: the cheapest design that meets every day, with knobs whose order the runs
 * contradict taken one value at a time.
 */
export async function searchDesigns(spec: DesignSearchSpec, runs: DayRuns): Promise<SearchOfDesigns> {
  const fallbacks: Fallback[] = spec.variables
    .filter(({ order }) => order === "none")
    .map(({ path }) => ({ path, reason: "no order of its values is known" }));
  let { variables } = spec;
  for (;;) {
    const lines = checkedLines(spec, variables);
    const book = new Judgements();
    const lattices = lines.map((line) => latticeOf(line, spec.sized));
    const tests = spec.days.map((_, i) => i);
    const designOf = (point: Point): Design => ({
      policy: lines[point.lattice].policy,
      choice: choiceAt(lines[point.lattice], point),
    });
    const search = cheapestFirst(
      {
        lattices,
        tests,
        costTests: tests.slice(0, spec.costDays),
        boundTests: firstOfEachWorld(spec.days),
        delta: DELTA,
        onCandidate: (point) => spec.onCandidate?.(designOf(point)),
      },
      book,
    );
    const run = (probes: readonly Probe[]): Promise<ProbeResult[]> =>
      runs.run(probes.map((probe) => ({ design: designOf(probe), day: spec.days[probe.test] })));
    const outcome = await drive(search, run);
    const { winner } = outcome;
    if (winner !== undefined) await drive(audit(book, lattices, winner, tests), run);
    const broken = brokenOrder(book, lines, variables);
    if (broken !== undefined) {
      fallbacks.push({
        path: broken.variable.path,
        reason: `${broken.count} of ${broken.of} pairs of runs contradict its order`,
      });
      variables = variables.map((one) => (one === broken.variable ? { ...one, order: "none" } : one));
      continue;
    }
    return {
      lines,
      winner: winner === undefined ? undefined : { design: designOf(winner), line: winner.lattice, point: winner },
      others: outcome.others.map(({ point, misses }) => ({
        design: designOf(point),
        misses: misses === undefined ? undefined : spec.days[misses],
      })),
      fallbacks,
    };
  }
}

/** The indexes of the first day of each world but the ordinary one. */
function firstOfEachWorld(days: readonly Day[]): number[] {
  const worlds = Array.from(new Set(days.map(({ world }) => world))).filter((world) => world > 0);
  return worlds.map((world) => days.findIndex((day) => day.world === world));
}

/** Runs what a search asks for until it has its answer. */
async function drive<T>(search: Steps<T>, run: (probes: readonly Probe[]) => Promise<ProbeResult[]>): Promise<T> {
  let asked = search.next();
  while (asked.done !== true) asked = search.next(await run(asked.value));
  return asked.value;
}

/** A tenth of the days above the answer: one notch up along each axis, and at its safest value. */
function* audit(book: Judgements, lattices: readonly Lattice[], winner: Point, tests: readonly number[]): Steps<void> {
  const days = book.byKills(book.testsOf(winner)).slice(0, Math.max(2, Math.ceil(AUDITED_DAYS * tests.length)));
  const probes = winner.at.flatMap((value, axis) => {
    const last = lattices[winner.lattice].sizes[axis] - 1;
    if (value === last) return [];
    return days.map((test, i) => ({ ...movedTo(winner, axis, i % 2 === 0 ? value + 1 : last), test }));
  });
  yield* runAll(book, probes);
}

/** The knob that most pairs of runs contradict; undefined where chance explains them. */
function brokenOrder(book: Judgements, lines: readonly Line[], variables: readonly Variable[]) {
  const ordered = variables.filter(({ order }) => order !== "none");
  const counted = ordered.map((variable) => {
    let count = 0;
    let of = 0;
    lines.forEach((line, l) => {
      const axis = line.axes.indexOf(variable);
      if (axis < 0) return;
      const found = book.inversions(l, axis);
      count += found.count;
      of += found.of;
    });
    return { variable, count, of };
  });
  const broken = counted.filter(({ count, of }) => count > 0 && binomialTail(count, of, MOST_INVERSIONS) < CHANCE);
  return broken.sort((a, b) => b.count / b.of - a.count / a.of)[0];
}

function checkedLines({ policies, only }: DesignSearchSpec, variables: readonly Variable[]): Line[] {
  const lines = linesOf(policies, variables, only);
  if (lines.length <= MOST_LINES) return lines;
  const loose = variables.filter(({ order }) => order === "none");
  throw new InputError({
    code: "HR1602",
    ...(loose[0]?.where === undefined ? {} : { where: loose[0].where }),
    got: `${lines.length} combinations of ${loose.map(({ path }) => path).join(", ")}, which have no order`,
    expected: `at most ${MOST_LINES}`,
    remedy: "Give them fewer values: each must be tried by itself",
  });
}
