import { InputError } from "../base/errors.js";

/** A run that needs more pending events than the bound. */
export function tooManyPending(most: number): InputError {
  return new InputError({
    code: "HR1601",
    got: `more than ${most} pending events`,
    expected: "a scenario whose open streams and timers fit into memory",
    remedy: "Lower the rate or the holding time, bound the waiting room, or shorten the run",
  });
}
