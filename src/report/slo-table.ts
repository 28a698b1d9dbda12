import type { Estimate, ResultDocument } from "../experiment/result.js";
import type { SloSpec } from "../world/scenario/scenario.js";
import { type Html, html } from "./html.js";
import { formatEstimate, formatNumber, metricFacts, shownValue } from "./numbers.js";

const LATENCY_METRICS: Readonly<Record<string, string>> = {
  "0.5": "startLatencyMsP50",
  "0.95": "startLatencyMsP95",
  "0.99": "startLatencyMsP99",
};

/** The whole measured window against the bounds of the SLO; undefined without one. */
export function sloTable(document: ResultDocument, slo: SloSpec | undefined): Html | undefined {
  const bounds = sloBounds(slo).filter(({ metric }) =>
    document.policies.some((policy) => policy.metrics[metric] !== undefined),
  );
  if (bounds.length === 0) return undefined;
  const head = document.policies.map(
    (policy) =>
      html`<th scope="col" class="number">${policy.name}</th><th scope="col"><span class="unit">SLO</span></th>`,
  );
  const rows = bounds.map(({ metric, bound }) => {
    const facts = metricFacts(metric);
    const cells = document.policies.map((policy) => {
      const estimate = policy.metrics[metric];
      if (estimate === undefined) return html`<td class="number">–</td><td></td>`;
      const word = boundWord(estimate, bound);
      const tone = word === "met" ? "better" : word === "missed" ? "worse" : "even";
      return html`<td class="number">${formatEstimate(estimate, facts)}</td><td class="word ${tone}">${word}</td>`;
    });
    return html`<tr><th scope="row">${facts.label} <span class="unit">${facts.unit}</span></th><td class="number">≤ ${formatNumber(shownValue(bound, facts))}</td>${cells}</tr>
`;
  });
  return html`<p class="caption">The whole measured window against the SLO. It may be missed in single minutes though it is met over the day.</p>
<div class="scroll" tabindex="0" role="region" aria-label="The service level"><table>
<thead><tr><th scope="col">Objective</th><th scope="col" class="number">bound</th>${head}</tr></thead>
<tbody>${rows}</tbody>
</table></div>
`;
}

/** "met" or "missed" where the whole interval lies on one side of the bound. */
function boundWord(estimate: Estimate, bound: number): "met" | "missed" | "not settled" {
  const halfWidth = estimate.halfWidth ?? 0;
  if (estimate.mean + halfWidth <= bound) return "met";
  return estimate.mean - halfWidth > bound ? "missed" : "not settled";
}

function sloBounds(slo: SloSpec | undefined): { readonly metric: string; readonly bound: number }[] {
  if (slo === undefined) return [];
  const latency = LATENCY_METRICS[String(slo.startLatency?.probability)];
  const all = [
    { metric: latency, bound: slo.startLatency?.boundMs },
    { metric: "rejectedRatio", bound: slo.rejectedRatio },
    { metric: "abandonedRatio", bound: slo.abandonedRatio },
    { metric: "interruptedRatio", bound: slo.interruptedRatio },
  ];
  return all.flatMap(({ metric, bound }) => (metric === undefined || bound === undefined ? [] : [{ metric, bound }]));
}
