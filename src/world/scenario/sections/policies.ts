import { isModule } from "../../../base/module-path.js";
import type { PolicySpec } from "../policy-spec.js";
import type { KeyPath, KeyRule } from "../section.js";

interface World {
  readonly policies: readonly PolicySpec[];
}

const policyAt = ({ policies }: World, at: KeyPath): PolicySpec | undefined => policies[Number(at[1])];

/** `metricNames` is taken out together with the manifest that it explains; here it stands alone. */
const metricNames: Omit<KeyRule<World>, "path"> = {
  acts: (world, at) => isModule(policyAt(world, at)?.kind ?? ""),
  got: "metricNames, and no manifest whose names they explain",
  expected: "manifest beside it",
  remedy: "Add manifest: FILE, or leave metricNames out",
};

/**
 * The keys of a policy that act only beside another one; the kinds are declared in
 * control/policies/kinds.
 */
export const policiesSection = {
  facts: () => [],
  rules: [
    {
      path: ["policies", "*", "challengers"],
      acts: (world, at) => {
        const policy = policyAt(world, at);
        return policy?.knobs.forecaster === "trained" || isModule(policy?.kind ?? "");
      },
      got: "challengers of a forecaster that is not trained",
      expected: "forecaster: trained beside it",
      remedy: "Add forecaster: trained, or leave challengers out",
    },
    { path: ["policies", "*", "metricNames"], ...metricNames },
    { path: ["policies", "*", "reactive", "metricNames"], ...metricNames },
  ] satisfies readonly KeyRule<World>[],
};
