import type { Day, DayOutcome, DayRuns, Design } from "./day-runs.js";
import { choiceAt, type Line, linesOf } from "./designs.js";
import type { DesignSearchSpec } from "./search-designs.js";

/** Designs within the budget are thinned to this many, and halved after each round of days. */
const MOST_CANDIDATES = 48;
const FIRST_ROUND_DAYS = 4;

export interface BudgetAnswer {
  readonly design: Design;
  /** Days of the search that it meets. */
  readonly met: number;
  readonly of: number;
}

/**
 * The design within a budget that meets most days, by successive halving: all candidates run a
 * few days, the better half more, until one has run them all. Undefined if even the cheapest
 * costs more. This is a heuristic: only the fresh days prove the result.
 */
export async function bestWithin(
  budget: number,
  spec: DesignSearchSpec,
  runs: DayRuns,
): Promise<BudgetAnswer | undefined> {
  const [first] = spec.days;
  let candidates: Design[] = [];
  for (const line of linesOf(spec.policies, spec.variables))
    candidates.push(...(await safestWithin(budget, line, first, runs)));
  candidates = spread(candidates, MOST_CANDIDATES);
  if (candidates.length === 0) return undefined;
  let ranked = candidates.map((design) => ({ design, score: emptyScore }));
  for (let days = FIRST_ROUND_DAYS; ; days *= 2) {
    const seen = spec.days.slice(0, days);
    const scored = [];
    for (const { design } of ranked)
      scored.push({ design, score: scoreOf(await runs.run(seen.map((day) => ({ design, day })))) });
    ranked = scored.sort(
      (a, b) => b.score.met - a.score.met || a.score.excess - b.score.excess || a.score.cost - b.score.cost,
    );
    if (days >= spec.days.length) return { design: ranked[0].design, met: ranked[0].score.met, of: seen.length };
    ranked = ranked.slice(0, Math.max(1, Math.ceil(ranked.length / 2)));
  }
}

interface Score {
  readonly met: number;
  readonly excess: number;
  readonly cost: number;
}
const emptyScore: Score = { met: 0, excess: 0, cost: 0 };

/** Days that are met, and by how much bounds are exceeded on the others. */
function scoreOf(outcomes: readonly DayOutcome[]): Score {
  const over = (outcome: DayOutcome): number =>
    outcome.misses.reduce((most, { share, allowed }) => Math.max(most, share / Math.max(allowed, 1e-9)), 0);
  return {
    met: outcomes.filter(({ met }) => met).length,
    excess: outcomes.reduce((sum, one) => sum + over(one), 0),
    cost: outcomes.reduce((sum, { cost }) => sum + cost, 0) / outcomes.length,
  };
}

/**
 * For each choice of all other axes, the safest value of the last axis within the budget on one
 * day.
 */
async function safestWithin(budget: number, line: Line, day: Day, runs: DayRuns): Promise<Design[]> {
  const sizes = line.axes.map(({ values }) => values.length);
  const fits = async (at: readonly number[]): Promise<boolean> => {
    const [{ cost }] = await runs.run([{ design: { policy: line.policy, choice: choiceAt(line, { at }) }, day }]);
    return cost <= budget;
  };
  const prefixes = sizes
    .slice(0, -1)
    .reduce<number[][]>((all, size) => all.flatMap((at) => Array.from({ length: size }, (_, i) => [...at, i])), [[]]);
  const found: Design[] = [];
  for (const prefix of spread(prefixes, MOST_CANDIDATES)) {
    if (sizes.length === 0) {
      if (await fits([])) found.push({ policy: line.policy, choice: choiceAt(line, { at: [] }) });
      continue;
    }
    let low = -1;
    let high = sizes[sizes.length - 1];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (await fits([...prefix, middle])) low = middle;
      else high = middle;
    }
    if (low >= 0) found.push({ policy: line.policy, choice: choiceAt(line, { at: [...prefix, low] }) });
  }
  return found;
}

/** At most this many entries of a list, evenly spread. */
function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]);
}
