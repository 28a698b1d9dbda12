import type { Accepted } from "../../experiment/check/accept.js";
import { formatInterval, formatNumber, metricFacts, shownValue, unitName } from "../numbers.js";

/** One figure that was accepted; `before` is null where there was none. */
export interface AcceptedRow {
  readonly scenario: string;
  readonly policy: string;
  readonly metric: string;
  readonly before: number | null;
  readonly now: number;
  readonly halfWidth: number | null;
  readonly replications: number;
}

export function acceptedDocument({ before, now }: Accepted): { readonly accepted: readonly AcceptedRow[] } {
  const accepted = now.flatMap((scenario) =>
    scenario.policies.flatMap((policy) => {
      const stage = policy.stages[policy.stages.length - 1];
      const old = before?.scenarios
        .find((one) => one.file === scenario.file)
        ?.policies.find((one) => one.name === policy.name);
      const oldStage = old?.stages[old.stages.length - 1];
      return [...stage.metrics].map(([metric, { mean, halfWidth }]) => ({
        scenario: scenario.file,
        policy: policy.name,
        metric,
        before: oldStage?.metrics.get(metric)?.mean ?? null,
        now: mean,
        halfWidth,
        replications: stage.replications,
      }));
    }),
  );
  return { accepted };
}

/** Old and new side by side, as a reviewer of the baseline's change reads them. */
export function acceptedText(outcome: Accepted): string {
  const rows = acceptedDocument(outcome).accepted.map(({ scenario, policy, metric, before, now, halfWidth }) => {
    const facts = metricFacts(metric);
    const unit = unitName(facts) === "" ? "" : ` ${unitName(facts)}`;
    const was =
      before === null ? "" : before === now ? " (as before)" : ` (before ${formatNumber(shownValue(before, facts))})`;
    const shown = formatInterval(shownValue(now, facts), halfWidth === null ? null : shownValue(halfWidth, facts));
    return `  ${scenario}, ${policy}: ${facts.label} ${shown}${unit}${was}`;
  });
  return ["Accepted:", ...rows].join("\n");
}
