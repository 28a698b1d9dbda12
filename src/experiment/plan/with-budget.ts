import type { BudgetAnswer } from "./budget.js";
import type { PlanDocument } from "./plan-document.js";
import { moneyText } from "./plan-text.js";
import type { PlanQuestion } from "./question.js";

/**
 * The plan of an inverted question: the answer says what the money buys. It is feasible where the
 * promise holds all the same.
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
