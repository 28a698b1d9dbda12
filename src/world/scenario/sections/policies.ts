import { isModule } from "../../../base/module-path.js";
import type { PolicySpec } from "../policy-spec.js";
import type { KeyPath, KeyRule } from "../section.js";

interface World {
  readonly policies: readonly PolicySpec[];
  readonly fleet: { readonly regions: readonly { readonly max: number }[] };
  readonly durationMs: number;
}

const policyAt = ({ policies }: World, at: KeyPath): PolicySpec | undefined => policies[Number(at[1])];

/**
 * A time within a policy; it must lie within the run. `tick: infinite` means no ticks, for a
 * fixed count or a policy that decides when requests wait.
 */
const withinRun = (key: "tick" | "scrapeLag", field: "tickMs" | "scrapeLagMs"): KeyRule<World> => ({
  path: ["policies", "*", key],
  acts: (world, at) => {
    const timeMs = policyAt(world, at)?.[field] ?? 0;
    return timeMs < world.durationMs || (key === "tick" && timeMs === Infinity);
  },
  got: `a ${key} as long as the run, in which the policy would decide nothing`,
  expected: "less than the duration",
  remedy: "Lower it, or simulate a longer duration",
});

/** Streamlets that no region has room for. */
const withinRegion = (key: "count" | "min"): KeyRule<World> => ({
  path: ["policies", "*", key],
  acts: (world, at) => {
    const policy = policyAt(world, at);
    const wanted = key === "min" ? policy?.min : policy?.knobs.count;
    return !(Number(wanted) > Math.max(...world.fleet.regions.map(({ max }) => max)));
  },
  got: "more streamlets than any region may have",
  expected: "at most the largest max of fleet.regions",
  remedy: "Lower it, or raise max of the regions",
});

/** `metricNames` is removed together with its manifest; here it is alone. */
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
    withinRun("tick", "tickMs"),
    withinRun("scrapeLag", "scrapeLagMs"),
    withinRegion("count"),
    withinRegion("min"),
    { path: ["policies", "*", "metricNames"], ...metricNames },
    { path: ["policies", "*", "reactive", "metricNames"], ...metricNames },
  ] satisfies readonly KeyRule<World>[],
};
