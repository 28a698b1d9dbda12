import { InputError } from "../../base/errors.js";
import type { Steps } from "../../base/search/bounds.js";
import { cheapestFirst } from "../../base/search/cheapest-first.js";
import { Judgements } from "../../base/search/judgements.js";
import { type Point, type Probe, type ProbeResult, pointKey } from "../../base/search/lattice.js";
import { auditOrders, brokenOrder } from "./audit.js";
import type { Day, DayRuns, Design } from "./day-runs.js";
import { choiceAt, type Line, latticeOf, linesOf, MOST_LINES } from "./designs.js";
import type { MeanBound } from "./mean-bound.js";
import { judgeMean, type MeanRecord } from "./means.js";
import type { Variable } from "./variable.js";

/**
 * A knob whose runs contradict its order, or that has none: each of its values was judged
 * separately.
 */
interface Fallback {
  readonly path: string;
  readonly reason: string;
}

/**
 * A judged design, with a test that it misses (undefined: more expensive than the answer, not
 * ruled out).
 */
export interface SeenDesign {
  readonly design: Design;
  readonly misses: Day | MeanRecord | undefined;
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
   * Days that the plan must meet; the first `costDays` are of the ordinary world, and costs are
   * compared on them.
   */
  readonly days: readonly Day[];
  readonly costDays: number;
  /** Days of each world that may be missed. */
  readonly mayMiss: number;
  /** Means over the days of the ordinary world that must be within their bounds. */
  readonly means: readonly MeanBound[];
  /** The estimate of a variable by sizing, if any. */
  readonly sized: (variable: Variable) => number | undefined;
  readonly onCandidate?: (design: Design) => void;
}

/** A difference of 1 % of cost is worth finding (reference/planning.md). */
const DELTA = 0.01;
/**
 * The third phase: finds the cheapest design that meets every day except those that may be
 * missed. Knobs whose order the runs contradict are searched one value at a time.
 */
export async function searchDesigns(spec: DesignSearchSpec, runs: DayRuns): Promise<SearchOfDesigns> {
  const fallbacks: Fallback[] = spec.variables
    .filter(({ order }) => order === "none")
    .map(({ path }) => ({ path, reason: "no order of its values is known" }));
  let { variables } = spec;
  for (;;) {
    const lines = checkedLines(spec, variables);
    const judgements = new Judgements();
    const lattices = lines.map((line) => latticeOf(line, spec.sized));
    const dayTests = spec.days.map((_, i) => i);
    // After the days, one test for each mean.
    const tests = [...dayTests, ...spec.means.map((_, i) => spec.days.length + i)];
    const designOf = (point: Point): Design => ({
      policy: lines[point.lattice].policy,
      choice: choiceAt(lines[point.lattice], point),
    });
    const search = cheapestFirst(
      {
        lattices,
        tests,
        costTests: dayTests.slice(0, spec.costDays),
        boundTests: spec.mayMiss === 0 ? firstOfEachWorld(spec.days) : [],
        mayMiss: spec.mayMiss,
        groupOf: (test) => spec.days[test]?.world ?? spec.days.length - 1 - test,
        delta: DELTA,
        onCandidate: (point) => spec.onCandidate?.(designOf(point)),
      },
      judgements,
    );
    const { run, meanOf } = runnerOf(spec, designOf, runs);
    const outcome = await drive(search, run);
    const { winner } = outcome;
    const searched = { judgements, lines, lattices, tests: dayTests, outcome };
    await drive(auditOrders(searched), run);
    const broken = brokenOrder(searched, variables);
    if (broken !== undefined) {
      const { variable, reason } = broken;
      fallbacks.push({ path: variable.path, reason });
      variables = variables.map((one) => (one === variable ? { ...one, order: "none" } : one));
      continue;
    }
    return {
      lines,
      winner: winner === undefined ? undefined : { design: designOf(winner), line: winner.lattice, point: winner },
      others: outcome.others.map(({ point, misses }) => ({
        design: designOf(point),
        misses: misses === undefined ? undefined : (spec.days[misses] ?? meanOf({ ...point, test: misses })),
      })),
      fallbacks,
    };
  }
}

/** Runs probes: a day is one run, a mean takes as many days as it needs. */
function runnerOf(spec: DesignSearchSpec, designOf: (point: Point) => Design, runs: DayRuns) {
  const judged = new Map<string, MeanRecord>();
  const keyOf = (probe: Probe): string => `${probe.test} ${pointKey(probe)}`;
  const run = async (probes: readonly Probe[]): Promise<ProbeResult[]> => {
    const first = spec.days[0];
    const days = probes.map((probe) => ({ design: designOf(probe), day: spec.days[probe.test] ?? first }));
    const outcomes: ProbeResult[] = await runs.run(days);
    for (const [i, probe] of probes.entries()) {
      const mean = spec.means[probe.test - spec.days.length];
      if (mean === undefined) continue;
      const ordinary = spec.days.slice(0, spec.costDays);
      const record = await judgeMean(designOf(probe), mean, spec.means.length, ordinary, runs);
      judged.set(keyOf(probe), record);
      outcomes[i] = { met: record.met, cost: outcomes[i].cost };
    }
    return outcomes;
  };
  return { run, meanOf: (probe: Probe) => judged.get(keyOf(probe)) };
}

/** The indexes of the first day of each world but the ordinary one. */
function firstOfEachWorld(days: readonly Day[]): number[] {
  const worlds = Array.from(new Set(days.map(({ world }) => world))).filter((world) => world > 0);
  return worlds.map((world) => days.findIndex((day) => day.world === world));
}

/** Runs the days that a search requests until it has its answer. */
async function drive<T>(search: Steps<T>, run: (probes: readonly Probe[]) => Promise<ProbeResult[]>): Promise<T> {
  let asked = search.next();
  while (asked.done !== true) asked = search.next(await run(asked.value));
  return asked.value;
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
    remedy: "Give them fewer values: each must be tried separately",
  });
}
