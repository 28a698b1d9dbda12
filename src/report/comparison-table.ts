import type { Comparison } from "../experiment/comparison.js";
import type { ResultDocument } from "../experiment/result.js";
import { type Html, html } from "./html.js";
import { formatChange, formatEstimate, formatInterval, metricFacts, shownValue, unitName } from "./numbers.js";
import { comparisonWord } from "./verdict.js";

/** The groups of metrics; metrics in no group come last, under "Further". */
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  [
    "Service",
    [
      "sloViolationMinutes",
      "startLatencyMsMean",
      "startLatencyMsP50",
      "startLatencyMsP95",
      "startLatencyMsP99",
      "waitProbability",
      "waitingMean",
      "rejectedRatio",
      "abandonedRatio",
      "unservedRatio",
      "interruptedRatio",
      "degradedStreamRatio",
    ],
  ],
  [
    "Cost and capacity",
    [
      "cost",
      "regretRatio",
      "streamletHours",
      "oracleStreamletHours",
      "hostHours",
      "utilisationMean",
      "streamletsReadyMean",
      "streamletsSpawningMean",
      "streamletsDrainingMean",
      "spawns",
    ],
  ],
  [
    "Demand and faults",
    [
      "arrivals",
      "completed",
      "openStreamsMean",
      "openDrainingMean",
      "crashes",
      "streamsHurtPerCrash",
      "reconnections",
      "responseMsMean",
    ],
  ],
];

interface CandidateCell {
  readonly value: string;
  readonly difference: string;
  readonly word: string;
}

/** A line of the table, as text: for HTML and Markdown alike. */
interface ComparisonRow {
  readonly metric: string;
  readonly label: string;
  readonly unit: string;
  readonly meaning: string;
  readonly baseline: string;
  readonly candidates: readonly CandidateCell[];
}

export interface ComparisonGroup {
  readonly title: string;
  readonly rows: readonly ComparisonRow[];
}

/** Every metric that any policy has. */
export function comparisonGroups(document: ResultDocument): ComparisonGroup[] {
  const present = [...new Set(document.policies.flatMap((policy) => Object.keys(policy.metrics)))];
  const grouped = new Set(GROUPS.flatMap(([_title, metrics]) => metrics));
  const further = present.filter((metric) => !grouped.has(metric));
  const find = comparisonIndex(document.comparisons);
  return [...GROUPS, ["Further", further] as const]
    .map(([title, metrics]) => ({
      title,
      rows: metrics.filter((metric) => present.includes(metric)).map((metric) => comparisonRow(document, metric, find)),
    }))
    .filter((group) => group.rows.length > 0);
}

export function comparisonTable(document: ResultDocument): Html {
  const [baseline, ...candidates] = document.policies;
  const head = candidates.map(
    (policy) =>
      html`<th scope="col" class="number">${policy.name}</th><th scope="col" class="number">difference</th>
<th scope="col">verdict</th>`,
  );
  const columns = 2 + 3 * candidates.length;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Comparison of the policies"><table>
<thead><tr><th scope="col">Metric</th><th scope="col"
class="number">${baseline.name}${candidates.length === 0 ? "" : " (baseline)"}</th>${head}</tr></thead>
<tbody>${comparisonGroups(document).map(
    (group) => html`<tr class="group"><th scope="colgroup" colspan="${columns}">${group.title}</th></tr>
${group.rows.map(tableRow)}`,
  )}</tbody>
</table></div>
`;
}

function tableRow(row: ComparisonRow): Html {
  const unit = row.unit === "" ? undefined : html` <span class="unit">${row.unit}</span>`;
  const cells = row.candidates.map(
    (cell) =>
      html`<td class="number">${cell.value}</td><td class="number">${cell.difference}</td>
<td class="word ${wordClass(cell.word)}">${cell.word}</td>`,
  );
  return html`<tr><th scope="row" title="${row.meaning}">${row.label}${unit}</th>
<td class="number">${row.baseline}</td>${cells}</tr>
`;
}

function wordClass(word: string): string {
  const tone = word.split(" ", 1)[0];
  return tone === "better" || tone === "worse" ? tone : "even";
}

function comparisonRow(
  document: ResultDocument,
  metric: string,
  find: ReturnType<typeof comparisonIndex>,
): ComparisonRow {
  const facts = metricFacts(metric);
  const [baseline, ...candidates] = document.policies;
  const base = baseline.metrics[metric];
  return {
    metric,
    label: facts.label,
    unit: unitName(facts, document.currency),
    meaning: facts.meaning,
    baseline: base === undefined ? "–" : formatEstimate(base, facts),
    candidates: candidates.map((candidate) => {
      const value = candidate.metrics[metric] === undefined ? "–" : formatEstimate(candidate.metrics[metric], facts);
      const comparison = find(candidate.name, metric);
      if (comparison === undefined) return { value, difference: "–", word: "" };
      const halfWidth = comparison.halfWidth === null ? null : shownValue(comparison.halfWidth, facts);
      const change = base === undefined ? undefined : formatChange(comparison.delta, base);
      const difference = formatInterval(shownValue(comparison.delta, facts), halfWidth, true);
      return {
        value,
        difference: change === undefined ? difference : `${difference} (${change})`,
        word: comparisonWord(comparison, base?.mean ?? 0),
      };
    }),
  };
}

function comparisonIndex(
  comparisons: readonly Comparison[],
): (candidate: string, metric: string) => Comparison | undefined {
  const index = new Map(
    comparisons.map((comparison) => [JSON.stringify([comparison.candidate, comparison.metric]), comparison]),
  );
  return (candidate, metric) => index.get(JSON.stringify([candidate, metric]));
}
