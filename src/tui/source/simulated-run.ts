import { loadUserModules } from "../../experiment/module-file.js";
import { failureSentence, failureSummary } from "../../experiment/policy-failures.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { SimulatedRun } from "../../world/simulate.js";
import type { UserModules } from "../../world/user-modules.js";
import { FleetWatch } from "../../world/watch/fleet-watch.js";
import { runFacts } from "../../world/watch/run-facts.js";
import type { FinishedRun } from "./finished-run.js";
import type { SteppedRun } from "./stepped-run.js";
import { SteppedSource } from "./stepped-source.js";

/** Replication 0 of a policy, driven step by step: the same events as without a watcher. */
export function simulatedRun(scenario: Scenario, policy: PolicySpec, modules: UserModules): SteppedRun {
  const facts = runFacts(scenario, policy);
  let watch: FleetWatch | undefined;
  const run = new SimulatedRun(scenario, policy, modules, {
    watch: (scheduler) => {
      watch = new FleetWatch(facts, scheduler);
      return watch;
    },
  });
  const watched = watch as unknown as FleetWatch;
  return {
    facts,
    runTo: (atMs) => run.advance(atMs),
    sample: () => watched.sample({ control: run.control, slo: run.recorder.slo }),
    failure: () => {
      const { policyFailures } = run.recorder.log;
      return policyFailures === undefined ? "" : failureSentence(policy.name, failureSummary([policyFailures], 1));
    },
  };
}

/**
 * A policy of a scenario, the first if left out, simulated for display; its other policies can be
 * shown beside it with the same seed.
 */
export async function simulatedRuns(
  scenario: Scenario,
  policy: PolicySpec = scenario.policies[0],
): Promise<FinishedRun> {
  const modules = await loadUserModules(scenario);
  const others = scenario.policies.filter((one) => one !== policy);
  return {
    make: () => simulatedRun(scenario, policy, modules),
    others: new Map(others.map((one) => [one.name, () => simulatedRun(scenario, one, modules)])),
    warning: { text: "" },
  };
}

/** The first policy of a scenario, simulated while people watch. */
export async function simulationSource(scenario: Scenario): Promise<SteppedSource> {
  const { make, others } = await simulatedRuns(scenario);
  return new SteppedSource("simulation", make(), others);
}
