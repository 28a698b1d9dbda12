import type { Conservation, RunResult } from "../world/run-result.js";
import { meanCounts } from "./charts/reasons-charts.js";
import { type Html, html } from "./html.js";
import { formatMeanCount, formatNumber } from "./numbers.js";

interface NamedRuns {
  readonly name: string;
  readonly runs: readonly RunResult[];
}

const ENDS: readonly (readonly [keyof Conservation, string])[] = [
  ["arrived", "Arrived, reconnections included"],
  ["completed", "Completed"],
  ["interrupted", "Interrupted"],
  ["rejected", "Rejected"],
  ["abandoned", "Abandoned"],
  ["waiting", "Still waiting at the end"],
  ["open", "Still open at the end"],
];

/** Where every request ended; what arrived is the sum of the rest. */
export function conservationTable(policies: readonly NamedRuns[]): Html {
  const rows = ENDS.map(([key, label]) => ({
    label,
    cells: policies.map(({ runs }) =>
      formatNumber(
        runs.reduce((sum, run) => sum + run.counts[key], 0),
        15,
      ),
    ),
  }));
  const check = policies.map(({ runs }) => (runs.every((run) => isConserved(run.counts)) ? "yes" : "NO"));
  return countTable("Where every request ended: whole run, sum over replications", policies, [
    ...rows,
    { label: "Arrived = the sum of the rest", cells: check },
  ]);
}

/** Rejections and stops by reason; a kind that never happened is left out. */
export function reasonTables(policies: readonly NamedRuns[]): Html[] {
  const kinds = [
    { title: "Requests turned away, by reason (mean per replication)", of: (run: RunResult) => run.rejections },
    { title: "Streamlets stopped, by reason (mean per replication)", of: (run: RunResult) => run.stops },
  ];
  return kinds.flatMap(({ title, of }) => {
    const means = policies.map(({ runs }) => new Map(meanCounts(runs.map(of))));
    const reasons = meanCounts(means.map((counts) => Object.fromEntries(counts))).map(([reason]) => reason);
    if (reasons.length === 0) return [];
    const rows = reasons.map((reason) => ({
      label: reason,
      cells: means.map((counts) => formatMeanCount(counts.get(reason) ?? 0)),
    }));
    return [countTable(title, policies, rows)];
  });
}

function isConserved(counts: Conservation): boolean {
  const { completed, interrupted, rejected, abandoned, waiting, open } = counts;
  return counts.arrived === completed + interrupted + rejected + abandoned + waiting + open;
}

function countTable(
  caption: string,
  policies: readonly NamedRuns[],
  rows: readonly { readonly label: string; readonly cells: readonly string[] }[],
): Html {
  const numberCell = (cell: string): Html => html`<td class="number">${cell}</td>`;
  return html`<p class="caption">${caption}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<thead><tr><td></td>${policies.map((policy) => html`<th scope="col" class="number">${policy.name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ label, cells }) => html`<tr><th scope="row">${label}</th>${cells.map(numberCell)}</tr>
`,
  )}</tbody>
</table></div>
`;
}
