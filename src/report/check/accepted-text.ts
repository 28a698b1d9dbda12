import type { Accepted } from "../../experiment/check/accept.js";
import { formatInterval, formatNumber, metricFacts, shownValue, unitName } from "../numbers.js";

/** One figure that was accepted; `before` is null where there was none. */
export interface AcceptedRow {
  readonly scenario: string;
  readonly policy: string;
  readonly metric: string;
  /** Of a metric in money, where the scenario names its currency. */
  readonly currency?: string;
  readonly before: number | null;
  readonly now: number;
  readonly halfWidth: number | null;
  readonly replications: number;
}

export function acceptedDocument({ before, now, currencies }: Accepted): { readonly accepted: readonly AcceptedRow[] } {
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
        ...currencyOf(metric, currencies.get(scenario.file)),
        before: oldStage?.metrics.get(metric)?.mean ?? null,
        now: mean,
        halfWidth,
        replications: stage.replications,
      }));
    }),
  );
  return { accepted };
}

function currencyOf(metric: string, currency: string | undefined): Pick<AcceptedRow, "currency"> {
  return currency === undefined || metricFacts(metric).unit !== "currency" ? {} : { currency };
}

/** Old and new figures side by side, for the reviewer of a changed baseline. */
export function acceptedText(outcome: Accepted): string {
  const rows = acceptedDocument(outcome).accepted.map((row) => {
    const { scenario, policy, metric, currency, before, now, halfWidth } = row;
    const facts = metricFacts(metric);
    const name = unitName(facts, currency);
    const unit = name === "" ? "" : ` ${name}`;
    const was =
      before === null ? "" : before === now ? " (as before)" : ` (before ${formatNumber(shownValue(before, facts))})`;
    const shown = formatInterval(shownValue(now, facts), halfWidth === null ? null : shownValue(halfWidth, facts));
    return `  ${scenario}, ${policy}: ${facts.label} ${shown}${unit}${was}`;
  });
  return ["Accepted:", ...rows].join("\n");
}
