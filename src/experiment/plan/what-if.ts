import type { DayOutcome, DayRuns, Design } from "./day-runs.js";
import type { ChosenValue } from "./designs.js";
import type { PlanQuestion } from "./question.js";

/**
 * A failure that the plan need not survive: on how many of the search's days it does, and what
 * would.
 */
export interface WhatIfRecord {
  readonly failure: string;
  readonly met: number;
  readonly of: number;
  /**
   * The least that meets the first day all the same, by one count of hosts or streamlets alone;
   * null where none does or nothing is needed.
   */
  readonly takes: { readonly path: string; readonly value: number } | null;
}

/** Runs the answer in each world of `whatIf`. */
export async function whatIfs(
  question: PlanQuestion,
  design: Design,
  days: number,
  runs: DayRuns,
): Promise<WhatIfRecord[]> {
  const records: WhatIfRecord[] = [];
  for (const [i, failure] of question.whatIf.entries()) {
    const world = question.survive.length + 1 + i;
    const wanted = Array.from({ length: days }, (_, replication) => ({ design, day: { world, replication } }));
    const outcomes = await runs.run(wanted);
    const met = outcomes.filter((outcome) => outcome.met).length;
    const takes = met >= question.days * days ? null : await leastThatTakes(design, world, outcomes, runs);
    records.push({ failure: failure.name, met, of: days, takes });
  }
  return records;
}

/**
 * Of the counts that may be chosen, the one that need grow least, on the first day that is missed.
 */
async function leastThatTakes(
  design: Design,
  world: number,
  outcomes: readonly DayOutcome[],
  runs: DayRuns,
): Promise<WhatIfRecord["takes"]> {
  const day = { world, replication: outcomes.findIndex(({ met }) => !met) };
  let best: { readonly path: string; readonly value: number; readonly grows: number } | undefined;
  for (const [at, { variable, value }] of design.choice.entries()) {
    if (!["hosts", "count"].includes(String(variable.steps[variable.steps.length - 1]))) continue;
    const values = variable.values.filter((one) => Number(one) > Number(value));
    const meets = async (i: number): Promise<boolean> => {
      const choice: ChosenValue[] = design.choice.map((one, k) => (k === at ? { variable, value: values[i] } : one));
      return (await runs.run([{ design: { ...design, choice }, day }]))[0].met;
    };
    if (values.length === 0 || !(await meets(values.length - 1))) continue;
    let low = -1;
    let high = values.length - 1;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (await meets(middle)) high = middle;
      else low = middle;
    }
    const grows = Number(values[high]) - Number(value);
    if (best === undefined || grows < best.grows) best = { path: variable.path, value: Number(values[high]), grows };
  }
  return best === undefined ? null : { path: best.path, value: best.value };
}
