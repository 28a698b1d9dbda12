import type { Scenario } from "../../world/scenario/scenario.js";
import { packageVersion } from "../version.js";
import { costOf, sizingPart } from "./assemble.js";
import { commitmentOf } from "./commitment.js";
import type { ChosenValue } from "./designs.js";
import { HOURS_PER_MONTH } from "./month.js";
import type { PlanDocument } from "./plan-document.js";
import { choiceText, countText } from "./plan-text.js";
import type { PlanQuestion } from "./question.js";
import { sensitivities } from "./sensitivity.js";
import { type Sizing, size, sizedValue } from "./size.js";
import { planStatements } from "./statements.js";
import { valuesOf } from "./values.js";
import type { Variable } from "./variable.js";

/** The sizes alone, certified and estimated, without a simulated day. `feasible` is null. */
export function quickPlan(question: PlanQuestion): PlanDocument {
  const { scenario, days, confidence } = question;
  const sizing = size(scenario);
  const needs = [
    ordinaryNeed(sizing),
    ...question.survive.flatMap(({ apply }) => failureNeed(scenario, apply(scenario))),
  ];
  const choice = question.variables.flatMap((variable) => chosenBySize(variable, needs));
  const policy = policyOf(choice, question);
  const commitment = commitmentOf(question, sizing, choice);
  const cost = estimatedCost(choice, question, sizing);
  const answer =
    choice.length === 0
      ? "No variable is one that sizing can answer; simulate to choose it."
      : `By estimate: ${choiceText(policy, choice)}${survivalText(question)}.${shortText(choice, needs)} ` +
        "No day was simulated.";
  const document: PlanDocument = {
    scenario: { name: scenario.name, hash: scenario.hash },
    seed: scenario.seed,
    version: packageVersion(),
    feasible: null,
    policy,
    values: valuesOf(choice),
    answer,
    cost: { ...costOf(question, []), ...cost },
    promise: { met: 0, of: 0, days, confidence, proved: false },
    statements: [],
    survives: [],
    means: [],
    whatIf: [],
    alternatives: [],
    perPolicy: [],
    nextCheaper: [],
    variables: question.variables.map(({ path, values, order }) => ({
      path,
      values: [...values],
      order,
      chosen: question.chosen,
    })),
    fallback: [],
    sizing: sizingPart(question, sizing),
    sensitivity: sensitivities(question, sizing),
    ...(commitment === undefined ? {} : { commitment: { ...commitment, curve: [...commitment.curve] } }),
    runs: 0,
    events: 0,
  };
  return {
    ...document,
    statements: [{ text: answer, stamp: "estimated" }, ...planStatements(document, question, sizing, undefined)],
  };
}

/** What a world needs of a variable; undefined without an estimate. */
type Need = (variable: Variable) => number | undefined;

function ordinaryNeed(sizing: Sizing): Need {
  return ({ steps }) => sizedValue(sizing, steps);
}

/**
 * For a world with a failure: the hosts for its demand, plus the lost or reclaimed ones. None if
 * a whole region is lost, since the routing of its requests is not estimated.
 */
function failureNeed(ordinary: Scenario, world: Scenario): Need[] {
  const { regions } = world.fleet;
  if (regions.some(({ max }, r) => max === 0 && ordinary.fleet.regions[r].max !== 0)) return [];
  const need = ordinaryNeed(size(world));
  const { share } = world.faults.reclaim ?? { share: 0 };
  return [
    (variable) => {
      const needed = need(variable);
      const { steps } = variable;
      if (needed === undefined || steps[1] !== "regions" || steps[3] !== "hosts") return needed;
      const r = Number(steps[2]);
      const lost = (ordinary.fleet.regions[r].hosts?.count ?? 0) - (regions[r].hosts?.count ?? 0);
      return Math.ceil(needed / (1 - share) - 1e-9) + lost;
    },
  ];
}

/** The failures that the estimate covers, and those that it does not. */
function survivalText({ scenario, survive }: PlanQuestion): string {
  const estimated = survive.filter(({ apply }) => failureNeed(scenario, apply(scenario)).length > 0);
  const left = survive.filter((one) => !estimated.includes(one));
  const names = (list: typeof survive): string => list.map(({ name }) => name).join(", ");
  return [
    ...(estimated.length === 0 ? [] : [`, with ${names(estimated)}`]),
    ...(left.length === 0 ? [] : [`; not estimated: ${names(left)}`]),
  ].join("");
}

/** The largest of these needs of a variable; undefined without an estimate. */
function mostNeeded(variable: Variable, needs: readonly Need[]): number | undefined {
  const needed = needs.flatMap((need) => need(variable) ?? []);
  return needed.length === 0 ? undefined : Math.max(...needed);
}

/** The least value that suffices, or the largest there is. */
function chosenBySize(variable: Variable, needs: readonly Need[]): ChosenValue[] {
  const needed = mostNeeded(variable, needs);
  if (needed === undefined) return [];
  const value = variable.values.find((one) => Number(one) >= needed) ?? variable.values[variable.values.length - 1];
  return [{ variable, value }];
}

/** The needs beyond the ranges, in words. */
function shortText(choice: readonly ChosenValue[], needs: readonly Need[]): string {
  const short = choice.flatMap(({ variable, value }) => {
    const needed = mostNeeded(variable, needs) ?? 0;
    return needed > Number(value) ? [countText({ path: variable.path, value: needed })] : [];
  });
  return short.length === 0 ? "" : ` That is too little: ${short.join(", ")} would be needed.`;
}

function policyOf(choice: readonly ChosenValue[], { scenario }: PlanQuestion): string {
  const own = choice.find(({ variable }) => variable.steps[0] === "policies");
  return scenario.policies[Number(own?.variable.steps[1] ?? 0)].name;
}

/** The cost of the chosen hosts and of a static fleet of the estimated size. */
function estimatedCost(choice: readonly ChosenValue[], question: PlanQuestion, sizing: Sizing) {
  const { scenario } = question;
  const hours = (scenario.durationMs - scenario.warmupMs) / 3_600_000;
  const streamlets = sizing.pools.reduce((sum, one) => sum + one.streamlets.estimated, 0);
  const hosts = scenario.fleet.regions.reduce((sum, region, r) => {
    const chosen = choice.find(({ variable }) => variable.steps[1] === "regions" && variable.steps[2] === r);
    return sum + (chosen === undefined ? (region.hosts?.count ?? 0) : Number(chosen.value));
  }, 0);
  const mean = hours * (streamlets * scenario.cost.streamletHour + hosts * scenario.cost.hostHour);
  return { mean, halfWidth: null, perMonth: { mean: (mean / hours) * HOURS_PER_MONTH, halfWidth: null } };
}
