import type { ResultDocument, SloOutcome } from "../experiment/result.js";
import { isSloMet, shortSloText } from "../experiment/slo-verdict.js";
import type { RunResult } from "../world/run-result.js";
import type { SloSpec } from "../world/scenario/sections/slo.js";
import type { SloMiss } from "../world/slo-judgement.js";
import { type Html, html } from "./html.js";
import { formatEstimate, formatNumber, metricFacts, shownValue } from "./numbers.js";

const LATENCY_METRICS: ReadonlyMap<number, string> = new Map([
  [0.5, "startLatencyMsP50"],
  [0.95, "startLatencyMsP95"],
  [0.99, "startLatencyMsP99"],
]);

/** The metric of a percentile of the start latency, if the table has that percentile. */
export function latencyMetricOf(probability: number): string | undefined {
  return LATENCY_METRICS.get(probability);
}

/** A row of the table: the bounded quantity, its bound, and the metric that shows it, if any. */
interface BoundRow {
  readonly bound: SloMiss["bound"];
  readonly label: string;
  readonly limit: string;
  readonly metric: string | undefined;
}

/**
 * The whole measured window against the bounds of the SLO, judged replication by replication;
 * undefined without an SLO.
 */
export function sloTable(
  document: ResultDocument,
  slo: SloSpec | undefined,
  runs: readonly (readonly Pick<RunResult, "slo">[])[],
): Html | undefined {
  if (slo === undefined || document.policies.every((policy) => policy.slo === undefined)) return undefined;
  const head = document.policies.map(
    (policy) =>
      html`<th scope="col" class="number">${policy.name}</th><th scope="col"><span class="unit">SLO</span></th>`,
  );
  const rows = boundRows(slo).map(({ bound, label, limit, metric }) => {
    const cells = document.policies.map((policy, p) => {
      const estimate = metric === undefined ? undefined : policy.metrics[metric];
      const shown =
        estimate === undefined || metric === undefined ? "–" : formatEstimate(estimate, metricFacts(metric));
      const missed = runs[p].filter((run) => run.slo?.misses.some((miss) => miss.bound === bound)).length;
      const text = missed === 0 ? "held in all" : `missed in ${missed} of ${runs[p].length}`;
      return html`<td class="number">${shown}</td><td class="word ${missed === 0 ? "better" : "worse"}">${text}</td>`;
    });
    return html`<tr><th scope="row">${label}</th><td class="number">≤ ${limit}</td>${cells}</tr>
`;
  });
  const whole = document.policies.map((policy) => outcomeCells(policy.slo));
  return html`<p class="caption">Each replication's whole measured window against the SLO: how many meet all of it,
with the exact binomial interval (95 %). Requests that gave up, or still wait at the end, count by how long they
waited.</p>
<div class="scroll" tabindex="0" role="region" aria-label="The service level"><table>
<thead><tr><th scope="col">Objective</th><th scope="col" class="number">bound</th>${head}</tr></thead>
<tbody>${rows}<tr><th scope="row">All of it, in replications <span class="unit">%</span></th><td class="number">≥
${formatNumber(slo.days * 100)}</td>${whole}</tr>
</tbody>
</table></div>
`;
}

function outcomeCells(slo: SloOutcome | undefined): Html {
  if (slo === undefined) return html`<td class="number">–</td><td></td>`;
  const word = !isSloMet(slo) ? "missed" : slo.proved ? "proved" : "met, not proved";
  const tone = !isSloMet(slo) ? "worse" : slo.proved ? "better" : "even";
  return html`<td class="number">${shortSloText(slo)}</td><td class="word ${tone}">${word}</td>`;
}

function boundRows(slo: SloSpec): BoundRow[] {
  const rows: BoundRow[] = [];
  const { startLatency, violatingMinutes } = slo;
  if (startLatency !== undefined) {
    const metric = latencyMetricOf(startLatency.probability);
    const label = `Start latency, ${formatNumber(startLatency.probability * 100, 5)} % (ms)`;
    rows.push({ bound: "startLatency", label, limit: formatNumber(startLatency.boundMs), metric });
  }
  for (const bound of ["rejectedRatio", "abandonedRatio", "interruptedRatio"] as const) {
    const limit = slo[bound];
    const facts = metricFacts(bound);
    if (limit === undefined) continue;
    rows.push({ bound, label: `${facts.label} (%)`, limit: formatNumber(shownValue(limit, facts)), metric: bound });
  }
  if (violatingMinutes !== undefined) {
    const limit =
      "share" in violatingMinutes
        ? `${formatNumber(violatingMinutes.share * 100)} % of them`
        : formatNumber(violatingMinutes.minutes);
    rows.push({ bound: "violatingMinutes", label: "Violating minutes", limit, metric: "sloViolationMinutes" });
  }
  return rows;
}
