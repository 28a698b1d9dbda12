import { InputError } from "../../base/errors.js";
import type { ChosenValue } from "./designs.js";
import { withDemand } from "./failure.js";
import { MOST_MONTHS } from "./month.js";
import type { PlanQuestion } from "./question.js";
import { type Growth, monthText } from "./rate.js";
import { type Sizing, size, sizedValue } from "./size.js";
import type { Variable } from "./variable.js";

interface GrowthMonth {
  readonly month: string;
  /** Demand relative to the first month. */
  readonly demand: number;
  /**
   * The required count of hosts or streamlets from this month on; only months with a change are
   * listed.
   */
  readonly needs: readonly { readonly path: string; readonly value: number }[];
}

export interface GrowthOutlook {
  readonly growth: string;
  readonly until: string;
  /** Months in which capacity must be bought, the first month of the scenario first. */
  readonly months: readonly GrowthMonth[];
  /**
   * The first month whose need exceeds the largest value that may be chosen, and the variable;
   * null if there is none.
   */
  readonly runsOut: {
    readonly month: string;
    readonly path: string;
    readonly need: number;
    readonly most: number;
  } | null;
}

/** Demand that compounds from month to month until the last one, and then stays constant. */
export interface AskedGrowth {
  readonly text: string;
  readonly untilMonth: number;
  /** Demand after this many months, relative to the first. */
  factor(month: number): number;
}

export function askedGrowth(question: PlanQuestion, growth: Growth, untilMonth: number): AskedGrowth {
  const months = untilMonth - firstMonth(question);
  return {
    text: growth.text,
    untilMonth,
    factor: (month) => Math.exp(growth.logPerMonth * Math.min(month, months)),
  };
}

/** A count of hosts or streamlets that the grown demand needs. */
export interface GrownNeed {
  readonly variable: Variable;
  readonly need: number;
}

/**
 * The choice after so many months: today's answer, scaled by the growth of the estimate. Only
 * counts of hosts and streamlets grow; knobs stay the same.
 */
export function needsAfter(
  question: PlanQuestion,
  choice: readonly ChosenValue[],
  today: Sizing,
  growth: AskedGrowth,
  month: number,
): GrownNeed[] {
  const sizing = size(withDemand(question.scenario, growth.factor(month)));
  return choice.flatMap(({ variable, value }) => {
    const sized = sizedValue(today, variable.steps);
    if (sized === undefined) return [];
    const then = sizedValue(sizing, variable.steps) ?? 0;
    // Rounded to the nearest, since sizes are already rounded up: rounding up again would buy a
    // host too many.
    const grown = Math.round((then - sized) * (Number(value) / Math.max(1, sized)));
    return [{ variable, need: Math.max(then, Number(value) + grown) }];
  });
}

/** The months ahead: the required counts, and when the ranges are exhausted. */
export function growthOutlook(
  question: PlanQuestion,
  choice: readonly ChosenValue[],
  today: Sizing,
  growth: AskedGrowth,
): GrowthOutlook {
  const first = firstMonth(question);
  const months: GrowthMonth[] = [];
  const known = new Map<string, number>();
  let runsOut: GrowthOutlook["runsOut"] = null;
  for (let month = first; month <= growth.untilMonth; month++) {
    const needs = needsAfter(question, choice, today, growth, month - first).flatMap(({ variable, need }) => {
      const most = Math.max(...variable.values.map(Number));
      if (need > most && runsOut === null) runsOut = { month: monthText(month), path: variable.path, need, most };
      if (known.get(variable.path) === need) return [];
      known.set(variable.path, need);
      return [{ path: variable.path, value: need }];
    });
    if (needs.length > 0) months.push({ month: monthText(month), demand: growth.factor(month - first), needs });
  }
  return { growth: growth.text, until: monthText(growth.untilMonth), months, runsOut };
}

/** Refuses a last month before the scenario's own, or more than ten years after it. */
export function checkUntil(question: PlanQuestion, untilMonth: number): void {
  const first = firstMonth(question);
  if (untilMonth >= first && untilMonth - first <= MOST_MONTHS) return;
  throw new InputError({
    code: "HR1008",
    where: "--until",
    got: monthText(untilMonth),
    expected: `a month from ${monthText(first)}, in which the scenario starts, to ${monthText(first + MOST_MONTHS)}`,
  });
}

/** The month of t = 0. */
function firstMonth({ scenario }: PlanQuestion): number {
  const start = new Date(scenario.traffic.epochMs);
  return 12 * start.getUTCFullYear() + start.getUTCMonth();
}
