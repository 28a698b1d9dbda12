import { packageVersion } from "../version.js";
import { costOf, sizingPart } from "./assemble.js";
import { commitmentOf } from "./commitment.js";
import type { ChosenValue } from "./designs.js";
import { HOURS_PER_MONTH } from "./month.js";
import type { PlanDocument } from "./plan-document.js";
import { choiceText } from "./plan-text.js";
import type { PlanQuestion } from "./question.js";
import { sensitivities } from "./sensitivity.js";
import { type Sizing, size, sizedValue } from "./size.js";
import { planStatements } from "./statements.js";
import { valuesOf } from "./values.js";
import type { Variable } from "./variable.js";

/**
 * The sizes alone: what is certified and what is estimated, without a simulated day. `feasible`
 * stays open.
 */
export function quickPlan(question: PlanQuestion): PlanDocument {
  const { scenario, days, confidence } = question;
  const sizing = size(scenario);
  const choice = question.variables.flatMap((variable) => chosenBySize(variable, sizing));
  const policy = policyOf(choice, question);
  const commitment = commitmentOf(question, sizing, choice);
  const cost = estimatedCost(choice, question, sizing);
  const answer =
    choice.length === 0
      ? "No variable is one that sizing can answer; simulate to choose it."
      : `By estimate: ${choiceText(policy, choice)}. No day was simulated.`;
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

/** The least value that the estimate allows, where it says anything of this variable. */
function chosenBySize(variable: Variable, sizing: Sizing): ChosenValue[] {
  const needed = sizedValue(sizing, variable.steps);
  if (needed === undefined) return [];
  const value = variable.values.find((one) => Number(one) >= needed);
  return value === undefined ? [] : [{ variable, value }];
}

function policyOf(choice: readonly ChosenValue[], { scenario }: PlanQuestion): string {
  const own = choice.find(({ variable }) => variable.steps[0] === "policies");
  return scenario.policies[Number(own?.variable.steps[1] ?? 0)].name;
}

/** Of the hosts that are chosen, and of a static fleet of the estimated size. */
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
