import { fail } from "../../base/assert.js";
import type { HoldingView } from "../../ports/policy.js";

function unmeasured(): never {
  fail("holding times are not measured for this policy: its kind does not say that it looks at them");
}

/** Holding times for a policy that does not use them: open streams are not counted by age. */
export const unmeasuredHolding: HoldingView = {
  get meanMs(): number {
    return unmeasured();
  },
  survival: unmeasured,
  integratedSurvivalMs: unmeasured,
  survivors: unmeasured,
};
