import type { Scenario } from "../world/scenario/scenario.js";
import type { ExperimentOutcome } from "./result.js";

/** One line per policy and bound of the SLO that its mean over the replications exceeds, over the whole measured window. */
export function missedSlos(scenario: Scenario, outcome: ExperimentOutcome): string[] {
  const { slo } = scenario;
  if (slo === undefined) return [];
  const missed: string[] = [];
  outcome.document.policies.forEach((policy, p) => {
    const hold = (what: string, value: number | undefined, bound: number | undefined): void => {
      if (value !== undefined && bound !== undefined && value > bound)
        missed.push(`${policy.name}: ${what} ${value} exceeds ${bound}`);
    };
    hold("rejectedRatio", policy.metrics.rejectedRatio?.mean, slo.rejectedRatio);
    hold("abandonedRatio", policy.metrics.abandonedRatio?.mean, slo.abandonedRatio);
    hold("interruptedRatio", policy.metrics.interruptedRatio?.mean, slo.interruptedRatio);
    if (slo.startLatency !== undefined) {
      const { probability, boundMs } = slo.startLatency;
      const worst = outcome.runs[p].map((run) =>
        quantile(run.startLatency.upperMs, run.startLatency.counts, probability),
      );
      const mean = worst.reduce((sum, value) => sum + value, 0) / worst.length;
      hold(`start latency at ${probability * 100} % (ms)`, mean, boundMs);
    }
  });
  return missed;
}

function quantile(upperMs: Float64Array, counts: Float64Array, probability: number): number {
  let total = 0;
  for (const count of counts) total += count;
  let seen = 0;
  for (let i = 0; i < counts.length; i++) {
    seen += counts[i];
    if (seen >= probability * total) return upperMs[i];
  }
  return 0;
}
