import { InputError } from "../../../base/errors.js";

/** The one input of a layout that reads one at a time. Throws InputError. */
export function onlyInput(inputs: readonly string[], layout: string): string {
  if (inputs.length === 1) return inputs[0];
  throw new InputError({
    code: "HR1402",
    got: `${inputs.length} inputs of the layout ${layout}`,
    expected: "one",
    remedy: "Import them one by one",
  });
}
