import type { Day, DayRuns, Design } from "./day-runs.js";
import type { ChosenValue } from "./designs.js";
import type { PlanQuestion } from "./question.js";
import type { Variable } from "./variable.js";

/**
 * A failure that the plan need not survive: the share of fresh days that it survives, and what
 * would survive all.
 */
export interface WhatIfRecord {
  readonly failure: string;
  readonly met: number;
  readonly of: number;
  /**
   * The least increase of one count of hosts or streamlets that meets all these days; null if
   * there is none, or none is needed.
   */
  readonly takes: { readonly path: string; readonly value: number } | null;
}

/**
 * Runs the answer in each world of `whatIf`, on the fresh days from `first` on, since the
 * search's days selected the answer.
 */
export async function whatIfs(
  question: PlanQuestion,
  design: Design,
  { first, count }: { readonly first: number; readonly count: number },
  runs: DayRuns,
): Promise<WhatIfRecord[]> {
  const records: WhatIfRecord[] = [];
  for (const [i, failure] of question.whatIf.entries()) {
    const world = question.survive.length + 1 + i;
    const days = Array.from({ length: count }, (_, k): Day => ({ world, replication: first + k }));
    const outcomes = await runs.run(days.map((day) => ({ design, day })));
    const met = outcomes.filter((outcome) => outcome.met).length;
    const missed = days.filter((_, k) => !outcomes[k].met);
    const takes = met >= question.days * count ? null : await leastThatTakes(design, days, missed, runs);
    records.push({ failure: failure.name, met, of: count, takes });
  }
  return records;
}

/**
 * Of the counts that may be chosen, the one with the smallest increase that meets all days: the
 * least value for the first missed day, raised if another day misses it.
 */
async function leastThatTakes(
  design: Design,
  days: readonly Day[],
  missed: readonly Day[],
  runs: DayRuns,
): Promise<WhatIfRecord["takes"]> {
  const found: CountOnDay[] = [];
  for (const [at, { variable, value }] of design.choice.entries()) {
    if (!["hosts", "count"].includes(String(variable.steps[variable.steps.length - 1]))) continue;
    const values = variable.values.filter((one) => Number(one) > Number(value));
    const raised = { at, variable, values };
    const index = await leastOnDay(design, raised, missed[0], runs);
    if (index !== undefined) found.push({ ...raised, index, grows: Number(values[index]) - Number(value) });
  }
  for (const one of found.sort((a, b) => a.grows - b.grows)) {
    const index = await raisedForAll(design, one, [...missed, ...days], runs);
    if (index !== undefined) return { path: one.variable.path, value: Number(one.values[index]) };
  }
  return null;
}

/** A count of the design, and what it may be raised to. */
interface RaisedCount {
  readonly at: number;
  readonly variable: Variable;
  readonly values: readonly ChosenValue["value"][];
}

interface CountOnDay extends RaisedCount {
  readonly index: number;
  readonly grows: number;
}

function withCount(design: Design, { at, variable, values }: RaisedCount, i: number): Design {
  const choice = design.choice.map((one, k) => (k === at ? { variable, value: values[i] } : one));
  return { ...design, choice };
}

/** Undefined if even the largest value misses the day. */
async function leastOnDay(design: Design, raised: RaisedCount, day: Day, runs: DayRuns): Promise<number | undefined> {
  const meets = async (i: number): Promise<boolean> =>
    (await runs.run([{ design: withCount(design, raised, i), day }]))[0].met;
  let low = -1;
  let high = raised.values.length - 1;
  if (high < 0 || !(await meets(high))) return undefined;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await meets(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Days in one batch. */
const BATCH = 8;

async function raisedForAll(
  design: Design,
  raised: CountOnDay,
  days: readonly Day[],
  runs: DayRuns,
): Promise<number | undefined> {
  let { index } = raised;
  for (let from = 0; from < days.length; ) {
    if (index >= raised.values.length) return undefined;
    const batch = days.slice(from, from + BATCH);
    const seen = await runs.run(batch.map((day) => ({ design: withCount(design, raised, index), day })));
    if (seen.every(({ met }) => met)) from += BATCH;
    else index++;
  }
  return index;
}
