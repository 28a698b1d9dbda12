import { describe, expect, it } from "vitest";
import { builtInPolicies } from "../../src/control/policies/registry.js";
import { readScenario } from "../../src/experiment/scenario-file.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";

const file = "scenarios/policy-zoo.yaml";

describe("the policy zoo", () => {
  it("has every built-in kind", async () => {
    const { policies } = await readScenario(file);
    expect(new Set(policies.map(({ kind }) => kind))).toEqual(new Set(builtInPolicies.keys()));
  });

  it("runs, each policy deciding for reasons of its closed set", async () => {
    const scenario = await readScenario(file, { duration: "1h", replications: 1 });
    for (const policy of scenario.policies) {
      const result = simulate(scenario, policy, 0, noUserModules);
      expect(result.metrics.arrivals, policy.name).toBeGreaterThan(500);
      expect(result.counts.completed, policy.name).toBeGreaterThan(500);
      const reasons = builtInPolicies.get(policy.kind)?.reasons;
      if (reasons === undefined) continue;
      for (const reason of Object.keys(result.decisionReasons))
        expect(reasons, `${policy.name}: ${reason}`).toContain(reason.replace(/ \([a-z-]+\)$/, ""));
    }
  });
});
