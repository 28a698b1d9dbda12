import type { ResultDocument } from "../experiment/result.js";
import { type Html, html } from "./html.js";
import { formatDuration, formatNumber } from "./numbers.js";

type Trainer = NonNullable<ResultDocument["policies"][number]["trainers"]>[number];

/** Changes shown per series; the result holds all. */
const MOST_CHANGES = 10;

/**
 * The forecaster of each series, the candidates' costs, and each change with its reason;
 * undefined if nothing was trained.
 */
export function trainerTable(policies: ResultDocument["policies"]): Html | undefined {
  const rows = policies.flatMap(({ name, trainers = [] }) => trainers.map((trainer) => ({ name, trainer })));
  if (rows.length === 0) return undefined;
  const caption = "Trained forecasters: costs are the newsvendor’s, in requests per bin (first replication)";
  return html`<p class="caption">${caption}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<thead><tr><th scope="col">Policy</th><th scope="col">Series</th><th scope="col">Served at the end</th><th scope="col"
class="number">Trainings</th><th scope="col">Cost of each candidate, the last week</th>
<th scope="col">Changes</th></tr></thead>
<tbody>${rows.map(
    ({ name, trainer }) => html`<tr><th scope="row">${name}</th><td>${trainer.series}</td><td>${trainer.champion}</td>
<td class="number">${trainingsOf(trainer)}</td><td>${costsOf(trainer)}</td><td>${changesOf(trainer)}</td></tr>
`,
  )}</tbody>
</table></div>
`;
}

function trainingsOf({ trainings, failedTrainings }: Trainer): string {
  return failedTrainings === 0 ? String(trainings) : `${trainings}, ${failedTrainings} failed`;
}

/** The cheapest first. */
function costsOf({ costs }: Trainer): string {
  const sorted = Object.entries(costs).sort(([, a], [, b]) => a - b);
  return sorted.length === 0 ? "–" : sorted.map(([name, cost]) => `${name} ${formatNumber(cost, 3)}`).join(" · ");
}

function changesOf({ startedWith, changes, drifts, outages }: Trainer): string {
  const shown = changes.slice(-MOST_CHANGES).map(changeText);
  const parts = [
    ...(changes.length === 0 ? [`none: ${startedWith} served throughout`] : shown),
    ...(changes.length > shown.length ? [`${changes.length - shown.length} earlier ones`] : []),
    ...(drifts === 0 ? [] : [`drift seen ${times(drifts)}`]),
    ...(outages === 0 ? [] : [`outage seen ${times(outages)}`]),
  ];
  return parts.join("; ");
}

function changeText({ atMs, kind, champion, reason, details }: Trainer["changes"][number]): string {
  const figures = Object.entries(details).map(([name, value]) => `${name} ${formatNumber(value, 3)}`);
  const because = figures.length === 0 ? reason : `${reason}: ${figures.join(", ")}`;
  return (
    `${atMs === 0 ? "at the start" : `after ${formatDuration(atMs)}`} ` +
    `${champion} ${kind === "promoted" ? "promoted" : "took over"} (${because})`
  );
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
