import { binomialTail } from "../../base/binomial.js";
import { runAll, type Steps } from "../../base/search/bounds.js";
import type { SearchOutcome } from "../../base/search/cheapest-first.js";
import type { Judgements } from "../../base/search/judgements.js";
import { type Lattice, movedTo, type Point, pointKey, topOf } from "../../base/search/lattice.js";
import type { Line } from "./designs.js";
import type { Variable } from "./variable.js";

/**
 * A knob's order is dropped, and each value judged separately, if pairs of runs contradict it on
 * more than this share of days and chance (5 %) does not explain it.
 */
const MOST_INVERSIONS = 0.02;
const CHANCE = 0.05;
/** This share of the days is also run above the answer, to audit the order of each knob. */
const AUDITED_DAYS = 0.1;
/**
 * A line is given up if its safest point misses a test. On at most this many of these lines,
 * these points of each axis are run in that test, as an audit.
 */
const AUDITED_SHARES = [0.25, 0.5, 0.75];
const MOST_AUDITED_LINES = 20;

/** A knob whose order the runs contradict, and how. */
export interface BrokenOrder {
  readonly variable: Variable;
  readonly reason: string;
}

/** The results of a search: lattices are lines, tests are days. */
export interface Searched {
  readonly judgements: Judgements;
  readonly lines: readonly Line[];
  readonly lattices: readonly Lattice[];
  readonly tests: readonly number[];
  readonly outcome: SearchOutcome;
}

/** Runs a tenth of the days above the answer, and some values of the lines that were given up. */
export function* auditOrders(searched: Searched): Steps<void> {
  const { judgements, outcome } = searched;
  yield* runAll(judgements, [
    ...(outcome.winner === undefined ? [] : aboveWinner(searched, outcome.winner)),
    ...hopeless(searched).flatMap(({ top, test }) => belowTop(searched, top).map((point) => ({ ...point, test }))),
  ]);
}

/** One notch up along each axis, and at its safest value. */
function aboveWinner({ judgements, lattices, tests }: Searched, winner: Point) {
  const own = judgements.testsOf(winner).filter((test) => tests.includes(test));
  const days = judgements.byKills(own).slice(0, Math.max(2, Math.ceil(AUDITED_DAYS * tests.length)));
  return winner.at.flatMap((value, axis) => {
    const last = lattices[winner.lattice].sizes[axis] - 1;
    if (value === last) return [];
    return days.map((test, i) => ({ ...movedTo(winner, axis, i % 2 === 0 ? value + 1 : last), test }));
  });
}

/** The lines whose safest point misses a test that it was run in. */
function hopeless({ judgements, lattices, outcome }: Searched): { readonly top: Point; readonly test: number }[] {
  const found = new Map<string, { readonly top: Point; readonly test: number }>();
  for (const { point, misses } of outcome.others) {
    const top = topOf(lattices, point.lattice);
    if (misses === undefined || judgements.seen(top, misses)?.met !== false) continue;
    found.set(pointKey(top), { top, test: misses });
  }
  return [...found.values()].slice(0, MOST_AUDITED_LINES);
}

function belowTop({ lattices }: Searched, top: Point): Point[] {
  return top.at.flatMap((last, axis) => {
    const start = lattices[top.lattice].start?.[axis];
    const values = [
      ...AUDITED_SHARES.map((share) => Math.floor(share * last)),
      ...(start === undefined ? [] : [start]),
    ];
    return Array.from(new Set(values))
      .filter((value) => value < last)
      .map((value) => movedTo(top, axis, value));
  });
}

/**
 * The knob whose order most runs contradict; undefined if chance explains them. A knob comes
 * first if a whole line was given up for its order although a lower value meets the same day.
 */
export function brokenOrder(searched: Searched, variables: readonly Variable[]): BrokenOrder | undefined {
  const ordered = variables.filter(({ order }) => order !== "none");
  for (const { top, test } of hopeless(searched)) {
    const { axes } = searched.lines[top.lattice];
    const axis = axes.findIndex((_, a) => meetsBelow(searched, top, a, test));
    if (axis >= 0) {
      const highest = String(axes[axis].values[top.at[axis]]);
      const reason = `a lower value meets a day that ${highest} misses, against its order`;
      return { variable: axes[axis], reason };
    }
  }
  const counted = ordered.map((variable) => ({ variable, ...inversionsOf(searched, variable) }));
  const broken = counted.filter(({ count, of }) => count > 0 && binomialTail(count, of, MOST_INVERSIONS) < CHANCE);
  const [worst] = broken.sort((a, b) => b.count / b.of - a.count / a.of);
  if (worst === undefined) return undefined;
  return { variable: worst.variable, reason: `${worst.count} of ${worst.of} pairs of runs contradict its order` };
}

function meetsBelow({ judgements, lattices }: Searched, top: Point, axis: number, test: number): boolean {
  const values = Array.from({ length: lattices[top.lattice].sizes[axis] - 1 }, (_, value) => value);
  return values.some((value) => judgements.seen(movedTo(top, axis, value), test)?.met === true);
}

function inversionsOf(
  { judgements, lines }: Searched,
  variable: Variable,
): { readonly count: number; readonly of: number } {
  let count = 0;
  let of = 0;
  lines.forEach((line, l) => {
    const axis = line.axes.indexOf(variable);
    if (axis < 0) return;
    const found = judgements.inversions(l, axis);
    count += found.count;
    of += found.of;
  });
  return { count, of };
}
