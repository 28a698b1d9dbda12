import { fail } from "../../base/assert.js";
import { notchesDown, type Point } from "../../base/search/lattice.js";
import type { Day, DayOutcome, DayRuns, Design } from "./day-runs.js";
import { choiceAt } from "./designs.js";
import { judgeMean, type MeanRecord } from "./means.js";
import { type DesignSearchSpec, type SearchOfDesigns, searchDesigns } from "./search-designs.js";

/** How many of the fresh days of one world met the SLO. */
interface WorldRecord {
  readonly world: number;
  readonly met: number;
  readonly of: number;
}

/** A design one notch below the answer, and a fresh day or a mean that it misses. */
interface CheaperNeighbour {
  readonly design: Design;
  /** Share of the answer's cost. */
  readonly saves: number;
  readonly fails: MissedDay | MeanRecord;
}

/** A day that a design misses. */
interface MissedDay {
  readonly day: Day;
  readonly outcome: DayOutcome;
}

export interface Confirmed {
  readonly search: SearchOfDesigns;
  /** Undefined where no design meets all days of the search. */
  readonly design: Design | undefined;
  /** Fresh days of the ordinary world, which no choice depended on. */
  readonly fresh: readonly DayOutcome[];
  /** The number of the first of them. */
  readonly firstFresh: number;
  readonly records: readonly WorldRecord[];
  /** The means over fresh days that are bounded. */
  readonly means: readonly MeanRecord[];
  /** One notch down along each knob, the largest saving first. */
  readonly cheaper: readonly CheaperNeighbour[];
  /** A cheaper neighbour that also met all fresh days, and became the answer. */
  readonly tookNeighbour: boolean;
}

export interface ConfirmSpec extends DesignSearchSpec {
  /** Worlds besides the ordinary one. */
  readonly failures: number;
  /** Fresh days per world: as many as prove the promise if at most `mayMiss` are missed. */
  readonly freshDays: number;
  /** Whether this many days that met the SLO prove the promise. */
  readonly proves: (met: number, of: number) => boolean;
  readonly onPhase?: (phase: string) => void;
}

/**
 * A winner that misses fresh days is replaced by the next; after this many the last one is
 * reported as not proved.
 */
const MOST_ATTEMPTS = 4;
/** Most steps by which the answer may become cheaper while it meets the fresh days. */
const MOST_STEPS_DOWN = 20;
/** Fresh days in one batch: a design that misses a day soon costs no more than these. */
const BATCH = 8;

const nothing = { firstFresh: 0, fresh: [], records: [], means: [], cheaper: [], tookNeighbour: false };

/**
 * Search and proof. The winner runs fresh days, the same number in each world, since the days of
 * the search are biased by its selection. If it misses some, these days are added to the search,
 * and the next winner runs other fresh days. Finally each next-cheaper design must miss a fresh
 * day; otherwise it becomes the answer.
 */
export async function searchAndConfirm(spec: ConfirmSpec, runs: DayRuns): Promise<Confirmed> {
  let days = spec.days;
  for (let attempt = 0; ; attempt++) {
    spec.onPhase?.(attempt === 0 ? "search" : "search again");
    const search = await searchDesigns({ ...spec, days }, runs);
    if (search.winner === undefined) return { ...nothing, search, design: undefined };
    spec.onPhase?.("verify");
    const { design } = search.winner;
    const isLast = attempt === MOST_ATTEMPTS - 1;
    const first = firstFreshDay(spec) + attempt * spec.freshDays;
    const missed = await tooManyMisses(design, freshOf(first, spec), spec, runs);
    if (missed !== undefined && !isLast) {
      days = [...days, ...missed.map(({ day }) => day)];
      continue;
    }
    const below = missed === undefined ? await descend(search, first, days, spec, runs) : { design, cheaper: [] };
    return {
      search,
      design: below.design,
      firstFresh: first,
      fresh: await runs.run(freshDays(0, first, spec).map((day) => ({ design: below.design, day }))),
      records: await recordsOf(below.design, first, spec, runs),
      means: await meansOf(below.design, first, spec, runs),
      cheaper: below.cheaper,
      tookNeighbour: below.design !== design,
    };
  }
}

/** The fresh days of a design that was chosen in another way. */
export async function confirmOnly(design: Design | undefined, spec: ConfirmSpec, runs: DayRuns): Promise<Confirmed> {
  const search: SearchOfDesigns = { lines: [], winner: undefined, others: [], fallbacks: [] };
  if (design === undefined) return { ...nothing, search, design: undefined };
  const first = firstFreshDay(spec);
  const fresh = await runs.run(freshDays(0, first, spec).map((day) => ({ design, day })));
  const records = await recordsOf(design, first, spec, runs);
  const means = await meansOf(design, first, spec, runs);
  return { ...nothing, search, design, firstFresh: first, fresh, records, means };
}

/** Days of the search are numbered from 0. */
function firstFreshDay(spec: ConfirmSpec): number {
  return 1 + Math.max(...spec.days.map(({ replication }) => replication));
}

function freshDays(world: number, first: number, spec: ConfirmSpec): Day[] {
  return Array.from({ length: spec.freshDays }, (_, i) => ({ world, replication: first + i }));
}

/** The fresh days of all worlds, in the order in which they are tried. */
function freshOf(first: number, spec: ConfirmSpec): Day[] {
  return worldsOf(spec).flatMap((world) => freshDays(world, first, spec));
}

/**
 * The days that a design misses in the first world with more misses than allowed, as soon as a
 * batch shows it; undefined if no world has too many.
 */
async function tooManyMisses(
  design: Design,
  days: readonly Day[],
  spec: ConfirmSpec,
  runs: DayRuns,
): Promise<readonly MissedDay[] | undefined> {
  const missed = new Map<number, MissedDay[]>();
  for (const batch of inBatches(days)) {
    const outcomes = await runs.run(batch.map((day) => ({ design, day })));
    batch.forEach((day, i) => {
      const outcome = outcomes[i];
      if (!outcome.met) missed.set(day.world, [...(missed.get(day.world) ?? []), { day, outcome }]);
    });
    const over = [...missed.values()].find((own) => own.length > spec.mayMiss);
    if (over !== undefined) return over;
  }
  return undefined;
}

/** Failure worlds first: they are the harder ones. */
function worldsOf(spec: ConfirmSpec): number[] {
  return [...Array.from({ length: spec.failures }, (_, i) => i + 1), 0];
}

async function recordsOf(design: Design, first: number, spec: ConfirmSpec, runs: DayRuns): Promise<WorldRecord[]> {
  const records: WorldRecord[] = [];
  for (let world = 0; world <= spec.failures; world++) {
    const outcomes = await runs.run(freshDays(world, first, spec).map((day) => ({ design, day })));
    records.push({ world, met: outcomes.filter(({ met }) => met).length, of: outcomes.length });
  }
  return records;
}

/** Checks each bounded mean over fresh days of the ordinary world, and further ones as needed. */
async function meansOf(design: Design, first: number, spec: ConfirmSpec, runs: DayRuns): Promise<MeanRecord[]> {
  const records: MeanRecord[] = [];
  for (const one of spec.means)
    records.push(await judgeMean(design, one, spec.means.length, freshDays(0, first, spec), runs));
  return records;
}

/**
 * The missed days, as soon as the remaining days of one world cannot prove the promise; undefined
 * if all worlds prove it.
 */
async function unproved(
  design: Design,
  days: readonly Day[],
  spec: ConfirmSpec,
  runs: DayRuns,
): Promise<readonly MissedDay[] | undefined> {
  for (const world of worldsOf(spec)) {
    const own = days.filter((day) => day.world === world);
    const missed: MissedDay[] = [];
    for (const batch of inBatches(own)) {
      const outcomes = await runs.run(batch.map((day) => ({ design, day })));
      batch.forEach((day, i) => {
        if (!outcomes[i].met) missed.push({ day, outcome: outcomes[i] });
      });
      if (missed.length > 0 && !spec.proves(own.length - missed.length, own.length)) return missed;
    }
  }
  return undefined;
}

/**
 * Moves to a cheaper design one notch below while it meets the fresh days and, with the days of
 * the search added, proves the promise. The search saw it miss a day. On the fresh days alone,
 * one in twenty of the designs just below the bound would pass. Each neighbour of the last design
 * misses too many days.
 */
async function descend(
  search: SearchOfDesigns,
  first: number,
  days: readonly Day[],
  spec: ConfirmSpec,
  runs: DayRuns,
): Promise<{ readonly design: Design; readonly cheaper: readonly CheaperNeighbour[] }> {
  const { winner, lines } = search;
  if (winner === undefined) fail("no winner whose neighbours could be tried");
  const line = lines[winner.line];
  const designAt = (point: Point): Design => ({ policy: line.policy, choice: choiceAt(line, point) });
  const fresh = freshOf(first, spec);
  let point = winner.point;
  for (let step = 0; ; step++) {
    const below = await cheaperBelow(point, designAt, days[0], runs);
    const cheaper: CheaperNeighbour[] = [];
    let passes: Point | undefined;
    for (const one of below) {
      const missed =
        (await tooManyMisses(one.design, fresh, spec, runs)) ??
        (await unproved(one.design, [...fresh, ...days], spec, runs));
      const overMean =
        missed === undefined ? (await meansOf(one.design, first, spec, runs)).find(({ met }) => !met) : undefined;
      if (missed === undefined && overMean === undefined && step < MOST_STEPS_DOWN) {
        passes = one.point;
        break;
      }
      const fails = missed?.[0] ?? overMean;
      if (fails !== undefined) cheaper.push({ design: one.design, saves: one.saves, fails });
    }
    if (passes === undefined) return { design: point === winner.point ? winner.design : designAt(point), cheaper };
    point = passes;
  }
}

/** The designs one notch below a point that cost less on a day, the largest saving first. */
async function cheaperBelow(point: Point, designAt: (point: Point) => Design, day: Day, runs: DayRuns) {
  const points = notchesDown(point);
  const [own, ...costs] = await runs.run([point, ...points].map((one) => ({ design: designAt(one), day })));
  return points
    .map((one, i) => ({ point: one, design: designAt(one), saves: own.cost === 0 ? 0 : 1 - costs[i].cost / own.cost }))
    .filter(({ saves }) => saves > 0)
    .sort((a, b) => b.saves - a.saves);
}

function* inBatches(days: readonly Day[]): Generator<Day[]> {
  for (let from = 0; from < days.length; from += BATCH) yield days.slice(from, from + BATCH);
}
