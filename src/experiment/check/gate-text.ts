import { stringify } from "../../traffic/yaml.js";
import type { Scenario } from "../../world/scenario/scenario.js";

/**
 * Replications of a new gate: the least p is then 2/2¹⁰ = 0.002, well below the default alpha of
 * 0.01.
 */
const LEAST_REPLICATIONS = 10;

/**
 * The text of a gate's file for one scenario, with the metrics of cost, of the SLO, and of what
 * users notice.
 */
export function gateText(scenario: Scenario, file: string, baseline: string): string {
  const metrics: Record<string, string | number> = {};
  if (scenario.cost === undefined) metrics.streamletHours = "1%";
  else metrics.cost = "1%";
  if (scenario.slo !== undefined) metrics.sloViolationMinutes = 1;
  metrics.waitProbability = 0.001;
  metrics.rejectedRatio = 0.0005;
  if (scenario.faults.streamletMtbfMs !== Number.POSITIVE_INFINITY) metrics.interruptedRatio = 0.0005;
  const gate = {
    scenarios: [
      {
        file,
        policies: scenario.policies.map((policy) => policy.name),
        replications: Math.max(LEAST_REPLICATIONS, scenario.replications),
      },
    ],
    metrics,
    baseline,
  };
  return (
    `# What \`headrace check\` holds policies to. A tolerance is ` +
    `a share (1%) or in the metric's own unit.\n${stringify(gate)}`
  );
}
