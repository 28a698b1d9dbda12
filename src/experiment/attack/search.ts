import { RandomStream } from "../../base/random.js";
import { type AttackWorld, durationAt, type PlainDocument } from "./attack-world.js";
import { Coverage } from "./coverage.js";
import { type Goal, type Margin, marginOf } from "./goal.js";
import { type MutationFrame, mutated, withDuration } from "./mutate.js";
import type { Trial, TrialRunner } from "./trial-runner.js";

/** Worlds per generation: fixed, so that the search does not depend on the machine. */
const GENERATION = 8;
/**
 * Number of worlds nearest to the goal that are kept; half of all parents are drawn from them.
 */
const NEAREST = 5;
/** Replications in which a candidate must reach the goal. */
export const SHOWN_REPLICATIONS = 5;
/** The search ends after this many generations of refused worlds only: 400 worlds. */
const MOST_REFUSED_GENERATIONS = 50;
const HALF_HOUR_MS = 1_800_000;

export interface SearchLimits {
  /** True once time or runs are used up: the search ends after the current generation. */
  isOver(runs: number): boolean;
  /** What has been reached, after each generation. */
  onGeneration(state: SearchState): void;
}

interface SearchState {
  readonly nearest: Scored | undefined;
  readonly coverage: Coverage<AttackWorld>;
}

/** A world with its distance to the goal. */
export interface Scored {
  readonly trial: Trial;
  readonly margin: Margin;
}

export interface SearchOutcome extends SearchState {
  /** The first world in which the goal is shown; undefined if none was found. */
  readonly found: Scored | undefined;
}

/**
 * Searches for a world that reaches the goal. Each generation changes a few things in its
 * parents. Half of the parents are nearest to the goal; the others reached a reason, refusal or
 * fault that no earlier world had reached (coverage-guided, as fuzzers do). A world is screened
 * with one replication. If that exceeds the goal, SHOWN_REPLICATIONS replications must show it
 * with 95 % confidence.
 */
export async function search(
  base: AttackWorld,
  frame: MutationFrame,
  goal: Goal,
  runner: TrialRunner,
  seed: number,
  limits: SearchLimits,
): Promise<SearchOutcome> {
  const random = new RandomStream(`${seed}/attack`);
  const coverage = new Coverage<AttackWorld>();
  let nearest: Scored[] = [];
  let worlds = firstWorlds(base);
  for (let generation = 1; ; generation++) {
    const tried = (await runner.trials(worlds, 1, seed)).filter((trial) => trial !== undefined);
    for (const trial of tried) coverage.add(trial.world, trial.features);
    const scored = tried.map((trial) => ({ trial, margin: marginOf(goal, trial.figures) }));
    const found = await shown(scored, goal, runner, seed);
    nearest = [...nearest, ...scored].sort((a, b) => scoreOf(b) - scoreOf(a)).slice(0, NEAREST);
    const state = { nearest: found ?? nearest[0], coverage };
    limits.onGeneration(state);
    const isStuck = runner.runs === 0 && generation >= MOST_REFUSED_GENERATIONS;
    if (found !== undefined || isStuck || limits.isOver(runner.runs)) return { ...state, found };
    worlds = Array.from({ length: GENERATION }, () =>
      mutated(parentOf(base, nearest, coverage, random), frame, random),
    );
  }
}

/**
 * The base unchanged, and with shorter durations. At least one must be within the bound on
 * requests.
 */
function firstWorlds(base: AttackWorld): AttackWorld[] {
  const wholeMs = durationAt(base.document, ["duration"]) ?? HALF_HOUR_MS;
  const worlds: (PlainDocument | undefined)[] = [];
  for (let durationMs = HALF_HOUR_MS; durationMs < wholeMs && worlds.length < GENERATION - 1; durationMs *= 2)
    worlds.push(withDuration(base.document, durationMs));
  return [base, ...worlds.flatMap((document) => (document === undefined ? [] : [{ ...base, document }]))];
}

function parentOf(
  base: AttackWorld,
  nearest: readonly Scored[],
  coverage: Coverage<AttackWorld>,
  random: RandomStream,
): AttackWorld {
  const pool = random.uniform() < 0.5 ? nearest.map(({ trial }) => trial.world) : coverage.parents;
  return pool[random.integerBelow(Math.max(1, pool.length))] ?? base;
}

/** The strongest of the candidates that reach the goal in more replications. */
async function shown(
  scored: readonly Scored[],
  goal: Goal,
  runner: TrialRunner,
  seed: number,
): Promise<Scored | undefined> {
  const promising = scored.filter(({ margin }) => margin.comparable && margin.estimate.mean > 0);
  const worlds = promising.map(({ trial }) => trial.world);
  const trials = await runner.trials(worlds, SHOWN_REPLICATIONS, seed);
  const judged = trials.flatMap((trial) =>
    trial === undefined ? [] : [{ trial, margin: marginOf(goal, trial.figures) }],
  );
  return judged.filter(({ margin }) => margin.holds).sort((a, b) => scoreOf(b) - scoreOf(a))[0];
}

/**
 * A world in which policy and baseline cannot be compared is a poor parent, but better than none.
 */
function scoreOf({ margin }: Scored): number {
  return margin.estimate.mean - (margin.comparable ? 0 : 1);
}
