import type { BudgetAnswer } from "./budget.js";
import type { PlanDocument } from "./plan-document.js";
import { moneyText } from "./plan-text.js";
import type { PlanQuestion } from "./question.js";

/**
 * The plan for a budget: the best service for that money. It is feasible only if the promise
 * holds.
 */
export function withBudget(
  document: PlanDocument,
  perMonth: number,
  within: BudgetAnswer | undefined,
  { scenario }: PlanQuestion,
): PlanDocument {
  const money = moneyText(perMonth, scenario.cost.currency ?? "");
  const budget = { perMonth, met: within?.met ?? 0, of: within?.of ?? 0 };
  const answer =
    within === undefined
      ? `Nothing costs ${money} a month or less.`
      : `For at most ${money} a month: ${document.answer}`;
  const statements = document.statements.map((one, i) => (i === 0 ? { ...one, text: answer } : one));
  return { ...document, answer, statements, budget, feasible: within !== undefined && document.promise.proved };
}
