import type { Design } from "./day-runs.js";
import type { PlanDocument } from "./plan-document.js";
import type { PlanQuestion } from "./question.js";

/** The design that a document answers with. */
export function designOf({ scenario, variables }: PlanQuestion, { policy, values }: PlanDocument): Design {
  return {
    policy: Math.max(
      0,
      scenario.policies.findIndex(({ name }) => name === policy),
    ),
    choice: variables.flatMap((variable) => {
      const value = new Map(Object.entries(values)).get(variable.path);
      return value === undefined ? [] : [{ variable, value }];
    }),
  };
}
