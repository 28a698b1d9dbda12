import type { PlainValue } from "../../world/scenario/schema/value-range.js";
import type { ChosenValue } from "./designs.js";

/** Values by path, as plan.json has them. */
export function valuesOf(choice: readonly ChosenValue[]): Record<string, PlainValue> {
  return Object.fromEntries(choice.map(({ variable, value }) => [variable.path, value]));
}
