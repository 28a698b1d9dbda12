import type { Lattice, Point } from "../../base/search/lattice.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import type { PlainValue } from "../../world/scenario/schema/value-range.js";
import { parseScenario } from "../scenario-file.js";
import type { PlanQuestion } from "./question.js";
import type { Variable } from "./variable.js";

/**
 * Designs that differ only in ordered knobs: one policy, and one value of each variable without
 * an order.
 */
export interface Line {
  readonly policy: number;
  readonly fixed: readonly ChosenValue[];
  readonly axes: readonly Variable[];
}

export interface ChosenValue {
  readonly variable: Variable;
  readonly value: PlainValue;
}

/** More lines than this would need more than a thousand runs before the search begins. */
export const MOST_LINES = 1000;

/**
 * All designs of a question as lines; a policy's knob varies only in designs of that policy.
 * `only`: of one policy.
 */
export function linesOf(policies: number, variables: readonly Variable[], only?: number): Line[] {
  const wanted = only === undefined ? Array.from({ length: policies }, (_, policy) => policy) : [only];
  return wanted.flatMap((policy) => {
    const own = variables.filter(({ steps }) => steps[0] !== "policies" || steps[1] === policy);
    const loose = own.filter(({ order }) => order === "none");
    const axes = own.filter(({ order }) => order !== "none");
    const choices = loose.reduce<ChosenValue[][]>(
      (all, variable) => all.flatMap((chosen) => variable.values.map((value) => [...chosen, { variable, value }])),
      [[]],
    );
    return choices.map((fixed) => ({ policy, fixed, axes }));
  });
}

/** `sized`: the sizing phase's estimate of a variable, if any. The search begins there. */
export function latticeOf(line: Line, sized: (variable: Variable) => number | undefined): Lattice {
  const start = line.axes.map((variable) => {
    const needed = sized(variable);
    const at = needed === undefined ? -1 : variable.values.findIndex((value) => Number(value) >= needed);
    return at < 0 ? Math.floor(variable.values.length / 2) : at;
  });
  return { sizes: line.axes.map(({ values }) => values.length), start };
}

/** Lines whose ends are read before the search. */
const MOST_CHECKED = 100;

/** What a point of a line chooses. */
export function choiceAt(line: Line, { at }: Pick<Point, "at">): ChosenValue[] {
  return [...line.fixed, ...line.axes.map((variable, axis) => ({ variable, value: variable.values[at[axis]] }))];
}

/** A design's key: its values, independent of its line. */
export function designKey(policy: number, choice: readonly ChosenValue[]): string {
  const parts = choice.map(({ variable, value }) => `${variable.path}=${String(value)}`);
  return [String(policy), ...parts.sort()].join("\n");
}

/** Throws InputError for a range that makes no scenario, at its place. */
export async function checkDesigns(question: PlanQuestion): Promise<void> {
  await new Designs(question).check(linesOf(question.scenario.policies.length, question.variables));
}

/** The scenarios of designs, read and checked like any other, each once. */
export class Designs {
  private readonly known = new Map<string, Promise<Scenario>>();

  constructor(private readonly question: PlanQuestion) {}

  /**
   * The scenario with these values and only this policy. Throws InputError at the range's place
   * for values that make no valid scenario.
   */
  scenario(policy: number, choice: readonly ChosenValue[]): Promise<Scenario> {
    const key = designKey(policy, choice);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const made = this.make(policy, choice);
    this.known.set(key, made);
    return made;
  }

  /**
   * Reads the cheapest and the safest design of each line, so that an invalid range is refused
   * before the first day is simulated.
   */
  async check(lines: readonly Line[]): Promise<void> {
    for (const line of lines.slice(0, MOST_CHECKED)) {
      const last = line.axes.map(({ values }) => values.length - 1);
      await this.scenario(line.policy, choiceAt(line, { at: line.axes.map(() => 0) }));
      await this.scenario(line.policy, choiceAt(line, { at: last }));
    }
  }

  private async make(policy: number, choice: readonly ChosenValue[]): Promise<Scenario> {
    const { file, text, changes, scenario: base } = this.question;
    const values = choice.map(({ variable: { path, where }, value }) =>
      where === undefined ? { path, value } : { path, value, where },
    );
    const scenario = await parseScenario(file, text, { ...changes, values });
    // Designs that do not change the traffic share one object, which is sent to threads and
    // hashed once.
    const traffic = choice.some(({ variable }) => variable.steps[0] === "traffic") ? scenario.traffic : base.traffic;
    return { ...scenario, traffic, policies: [scenario.policies[policy]] };
  }
}
